-- Prolongs a lock that is still ours; one that has vanished is lost and never made again. KEYS 1 lock; ARGV 1 lock id 2 expiry ms
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
