-- Sends one command to the writer. KEYS 1 commands; ARGV 1 version 2 payload
local id = redis.call('XADD', KEYS[1], '*', 'v', ARGV[1], 'n', '0', 'd', ARGV[2])
redis.call('PUBLISH', 'ep:wake:' .. KEYS[1], '')
return id
