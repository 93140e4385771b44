-- Deletes deltas that the store has committed and counts their events.
-- KEYS 1 deltas 2 sizes 3 ledger 4 notes; ARGV 1 cursor 2 most entries in one call 3 events among them that the store refused for good
-- Answers the number of entries deleted.
local entries = redis.call('XRANGE', KEYS[1], '-', ARGV[1], 'COUNT', ARGV[2])
local events = 0
for _, entry in ipairs(entries) do
  events = events + tonumber(redis.call('HGET', KEYS[2], entry[1]) or '0')
  redis.call('XDEL', KEYS[1], entry[1])
  redis.call('HDEL', KEYS[2], entry[1])
end
local refused = math.min(tonumber(ARGV[3]), events)
if refused > 0 then
  redis.call('HINCRBY', KEYS[3], 'dead', refused)
  redis.call('HINCRBY', KEYS[4], 'dead:write', refused)
end
if events > refused then
  redis.call('HINCRBY', KEYS[3], 'stored', events - refused)
end
return #entries
