-- Counts outcomes that belong to no move of an event. KEYS 1 outcomes; ARGV (field, count)...
for i = 1, #ARGV, 2 do
  redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
end
return 1
