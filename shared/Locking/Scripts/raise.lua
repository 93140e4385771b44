-- Lifts an instance's tokens to the one taken, so that every later majority goes beyond it. KEYS 1 lock 2 tokens; ARGV 1 lock id 2 token
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
local last = tonumber(redis.call('GET', KEYS[2]) or '0')
if last < tonumber(ARGV[2]) then
  redis.call('DEL', KEYS[2])
  redis.call('SET', KEYS[2], ARGV[2])
end
return 1
