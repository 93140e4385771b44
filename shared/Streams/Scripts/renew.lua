-- Keeps entries from being reclaimed while this consumer still works on them; takes nothing that is no longer its own.
-- KEYS 1 stream; ARGV 1 group 2 consumer 3 deliveries to note ('' leaves them), then entry ids
local mine = 0
for i = 4, #ARGV do
  local pending = redis.pcall('XPENDING', KEYS[1], ARGV[1], ARGV[i], ARGV[i], 1, ARGV[2])
  if not pending.err and #pending == 1 then
    local deliveries = ARGV[3] == '' and pending[1][4] or ARGV[3]
    redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[2], 0, ARGV[i], 'RETRYCOUNT', deliveries, 'JUSTID')
    mine = mine + 1
  end
end
return mine
