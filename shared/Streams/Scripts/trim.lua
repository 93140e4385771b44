-- Deletes deltas that the store has committed, counts their events, and moves the floor on to the last of them (see floor.lua).
-- KEYS 1 deltas 2 sizes 3 ledger 4 notes 5 floor; ARGV 1 cursor 2 most entries in one call 3 events among them that the store refused for good
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
local last = #entries > 0 and entries[#entries][1]
local floor = last and redis.call('GET', KEYS[5])
if floor then
  local floor_ms, floor_seq = string.match(floor, '^(%d+)-(%d+)$')
  local ms, seq = string.match(last, '^(%d+)-(%d+)$')
  if #floor_ms < #ms or (#floor_ms == #ms and floor_ms < ms) or (floor_ms == ms and (#floor_seq < #seq or (#floor_seq == #seq and floor_seq < seq))) then
    redis.call('SET', KEYS[5], last)
  end
end
return #entries
