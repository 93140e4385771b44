-- Takes one batch of a producer, once and in order.
-- KEYS 1 producers 2 raw 3 raw sizes 4 raw-bulk 5 raw-bulk sizes 6 ledger 7 outcomes 8 notes
-- ARGV 1 producer 2 previous 3 last 4 adopt 5 version 6 raw events 7 raw payload 8 bulk events 9 bulk payload, then (field, count)...
-- Answers {applied, stored}; stored is -1 where nothing is known of this producer.
local previous, last = ARGV[2], ARGV[3]
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not stored then
  if ARGV[4] == '1' then
    stored = previous
  elseif previous == '0' then
    stored = '0'
  else
    return {0, '-1'}
  end
end
-- guard contiguity
if stored ~= previous then
  return {0, stored}
end
-- end guard

-- The first write is one that a Redis at maxmemory refuses: then nothing has happened and the log keeps the batch.
redis.call('HSET', KEYS[1], ARGV[1], last)
local function add(stream, sizes, events, payload)
  if tonumber(events) > 0 then
    local id = redis.call('XADD', stream, '*', 'v', ARGV[5], 'n', events, 'd', payload)
    redis.call('HSET', sizes, id, events)
    redis.call('HINCRBY', KEYS[6], 'accepted', events)
    redis.call('PUBLISH', 'ep:wake:' .. stream, '')
  end
end
add(KEYS[2], KEYS[3], ARGV[6], ARGV[7])
add(KEYS[4], KEYS[5], ARGV[8], ARGV[9])
for i = 10, #ARGV, 2 do
  redis.call('HINCRBY', KEYS[7], ARGV[i], ARGV[i + 1])
  if string.match(ARGV[i], '|replayed$') then
    redis.call('HINCRBY', KEYS[8], 'replayed', ARGV[i + 1])
  end
end
return {1, last}
