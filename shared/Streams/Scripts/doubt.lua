-- Puts an interval in doubt, or forgets one that the store has been told. KEYS 1 doubt; ARGV 1 from 2 to 3 reason, or '' to forget
if ARGV[3] == '' then
  if redis.call('HGET', KEYS[1], 'from') == ARGV[1] and redis.call('HGET', KEYS[1], 'to') == ARGV[2] then
    redis.call('DEL', KEYS[1])
  end
  return 0
end
local from = math.min(tonumber(ARGV[1]), tonumber(redis.call('HGET', KEYS[1], 'from') or ARGV[1]))
local known = redis.call('HGET', KEYS[1], 'to')
local to = known == '0' and 0 or math.max(tonumber(ARGV[2]), tonumber(known or ARGV[2]))
redis.call('HSET', KEYS[1], 'from', string.format('%.0f', from), 'to', string.format('%.0f', to), 'reason', ARGV[3])
return 1
