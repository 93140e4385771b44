-- Publishes the writer's cursor and lifts the stream's last id to it where it is below, so that every new id is after the cursor.
-- KEYS 1 deltas 2 floor 3 sizes 4 doubt (not for commands, which count nothing); ARGV 1 cursor 2 how far (ms) before the cursor the logs may reach where everything is lost
-- A lift puts the interval in doubt, here, in the same step: a writer that dies before it has told the store leaves it to the next.
-- Answers {lifted, last id before, doubt from, doubt to, reason}.
local function parts(id)
  return string.match(id, '^(%d+)-(%d+)$')
end
local function below(a, b)
  return #a < #b or (#a == #b and a < b)
end
local last = '0-0'
local info = redis.pcall('XINFO', 'STREAM', KEYS[1])
if not info.err then
  for i = 1, #info, 2 do
    if info[i] == 'last-generated-id' then
      last = info[i + 1]
    end
  end
end
local last_ms, last_seq = parts(last)
local ms, seq = parts(ARGV[1])
local lifted = 0
redis.call('DEL', KEYS[2])
if below(last_ms, ms) or (last_ms == ms and below(last_seq, seq)) then
  if info.err then
    redis.call('XADD', KEYS[1], ARGV[1], 'v', '0')
    redis.call('XDEL', KEYS[1], ARGV[1])
  else
    redis.call('XSETID', KEYS[1], ARGV[1])
  end
  lifted = 1
end
redis.call('SET', KEYS[2], ARGV[1])
if not KEYS[4] then
  return {lifted, last}
end
if lifted == 1 then
  local from, reason = tonumber(last_ms), 'Redis fell back to an older state'
  if last == '0-0' then
    from, reason = math.max(0, tonumber(ms) - tonumber(ARGV[2])), 'Redis lost its data'
  end
  from = math.min(from, tonumber(redis.call('HGET', KEYS[4], 'from') or from))
  redis.call('HSET', KEYS[4], 'from', string.format('%.0f', from), 'to', '0', 'reason', reason)
end
local doubt = redis.call('HMGET', KEYS[4], 'from', 'to', 'reason')
return {lifted, last, doubt[1] or '', doubt[2] or '', doubt[3] or ''}
