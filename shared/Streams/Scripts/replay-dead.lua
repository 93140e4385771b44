-- Puts one dead letter back where it died. KEYS 1 dead 2 ledger 3 outcomes 4 attempts 5 stream 6 sizes 7 notes; ARGV 1 id
-- Its death is taken back and it is in flight again, in one step. Answers 1, or 0 where it is gone.
local entry = redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1])[1]
if not entry then
  return 0
end
local fact = {}
for i = 1, #entry[2], 2 do
  fact[entry[2][i]] = entry[2][i + 1]
end
redis.call('XDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[4], fact.stage .. '|' .. fact.project .. '|' .. fact.event)
local id = redis.call('XADD', KEYS[5], '*', 'v', fact.v, 'n', fact.n, 'd', fact.d, 'q', '1')
redis.call('HSET', KEYS[6], id, fact.n)
redis.call('HINCRBY', KEYS[2], 'dead', -tonumber(fact.n))
redis.call('HINCRBY', KEYS[7], 'dead:' .. fact.stage, -tonumber(fact.n))
local minute = string.format('%.0f', math.floor(tonumber(redis.call('TIME')[1]) / 60))
redis.call('HINCRBY', KEYS[3], fact.project .. '|' .. minute .. '|dead', -tonumber(fact.n))
redis.call('PUBLISH', 'ep:wake:' .. KEYS[5], '')
return 1
