-- The last sequence of a producer that is certainly in the store.
-- KEYS 1 producers 2 deltas 3 floor 4.. the streams before deltas; ARGV 1 producer
-- Answers the sequence, or -1 where something is still on its way or nothing is known.
for i = 4, #KEYS do
  if redis.call('XLEN', KEYS[i]) > 0 then
    return '-1'
  end
end
local floor = redis.call('GET', KEYS[3])
if not floor or #redis.call('XRANGE', KEYS[2], '(' .. floor, '+', 'COUNT', 1) > 0 then
  return '-1'
end
return redis.call('HGET', KEYS[1], ARGV[1]) or '-1'
