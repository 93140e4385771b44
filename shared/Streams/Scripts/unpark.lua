-- Moves one parked entry back to the stream it came from.
-- KEYS 1 parked 2 parked sizes 3 stream 4 sizes; ARGV 1 parked id
local entry = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not entry then
  return 0
end
local events = redis.call('HGET', KEYS[2], ARGV[1]) or '0'
redis.call('XDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
local back = {}
for i = 1, #entry[2], 2 do
  if entry[2][i] ~= 'stream' and entry[2][i] ~= 'needs' then
    back[#back + 1] = entry[2][i]
    back[#back + 1] = entry[2][i + 1]
  end
end
local id = redis.call('XADD', KEYS[3], '*', unpack(back))
redis.call('HSET', KEYS[4], id, events)
redis.call('PUBLISH', 'ep:wake:' .. KEYS[3], '')
return 1
