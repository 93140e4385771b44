-- Sets entries aside that a newer build wrote, still in flight.
-- KEYS 1 stream 2 sizes 3 parked 4 parked sizes; ARGV 1 group 2 consumer 3 entry id 4 version that was not known
-- Answers 1, or 0 where the entry is no longer this consumer's.
local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[3], ARGV[3], 1, ARGV[2])
if pending.err or #pending == 0 then
  return 0
end
local entry = redis.call('XRANGE', KEYS[1], ARGV[3], ARGV[3])[1]
local events = redis.call('HGET', KEYS[2], ARGV[3]) or '0'
redis.call('XACK', KEYS[1], ARGV[1], ARGV[3])
if not entry then
  return 0
end
redis.call('XDEL', KEYS[1], ARGV[3])
redis.call('HDEL', KEYS[2], ARGV[3])
local fields = entry[2]
fields[#fields + 1] = 'stream'
fields[#fields + 1] = KEYS[1]
fields[#fields + 1] = 'needs'
fields[#fields + 1] = ARGV[4]
local id = redis.call('XADD', KEYS[3], '*', unpack(fields))
redis.call('HSET', KEYS[4], id, events)
return 1
