-- Forgets consumers that are gone and owe nothing. KEYS 1 stream; ARGV 1 group 2 idle ms 3 own name
local consumers = redis.pcall('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])
if consumers.err then
  return 0
end
local gone = 0
for _, consumer in ipairs(consumers) do
  local facts = {}
  for i = 1, #consumer, 2 do
    facts[consumer[i]] = consumer[i + 1]
  end
  if facts.pending == 0 and facts.idle > tonumber(ARGV[2]) and facts.name ~= ARGV[3] then
    redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], facts.name)
    gone = gone + 1
  end
end
return gone
