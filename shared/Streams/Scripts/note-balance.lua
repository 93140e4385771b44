-- Remembers since when a lane balances or does not. KEYS 1 balance; ARGV 1 balanced (1 or 0) 2 the "since" that was read, or ''
-- Does nothing where somebody else noted a change meanwhile.
if (redis.call('HGET', KEYS[1], 'since') or '') ~= ARGV[2] then
  return 0
end
local time = redis.call('TIME')
local now = string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000))
redis.call('HSET', KEYS[1], 'balanced', ARGV[1], 'since', now)
return 1
