-- Publishes the writer's cursor and lifts the stream's last id to it where it is below, so that every new id is after the cursor.
-- KEYS 1 deltas 2 floor 3 sizes 4 doubt (not for commands, which count nothing); ARGV 1 cursor 2 how far (ms) before the cursor the logs may reach where everything is lost
-- Redis has lost what the store had committed where the stream's last id is before the cursor; and, since new entries may have come by then, where the
-- floor is before the cursor and the entry of the cursor is not there: trim.lua moves the floor on with what it deletes.
-- Either puts the interval in doubt, here, in the same step: a writer that dies before it has told the store leaves it to the next.
-- Nothing is written where nothing has changed: it is asked every few seconds, and each write is an fsync.
-- A floor is never lowered: who would is a writer that stood still and has been replaced.
-- Answers {fell back, last id that was left, doubt from, doubt to, reason}.
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
local function before(a, b)
  local a_ms, a_seq = parts(a)
  local b_ms, b_seq = parts(b)
  return below(a_ms, b_ms) or (a_ms == b_ms and below(a_seq, b_seq))
end
local ms = parts(ARGV[1])
local known = redis.call('GET', KEYS[2])
local fell = 0
if known ~= ARGV[1] or before(last, ARGV[1]) then
  -- Scripts may write where memory is short once they have deleted something.
  redis.call('DEL', KEYS[2])
  if before(last, ARGV[1]) then
    if info.err then
      redis.call('XADD', KEYS[1], ARGV[1], 'v', '0')
      redis.call('XDEL', KEYS[1], ARGV[1])
    else
      redis.call('XSETID', KEYS[1], ARGV[1])
    end
    fell = 1
  elseif KEYS[4] and known and before(known, ARGV[1]) and #redis.call('XRANGE', KEYS[1], ARGV[1], ARGV[1]) == 0 then
    last, fell = known, 1
  end
  redis.call('SET', KEYS[2], known and before(ARGV[1], known) and known or ARGV[1])
end
if not KEYS[4] then
  return {fell, last}
end
if fell == 1 then
  local from, reason = tonumber((parts(last))), 'Redis fell back to an older state'
  if last == '0-0' then
    from, reason = math.max(0, tonumber(ms) - tonumber(ARGV[2])), 'Redis lost its data'
  end
  from = math.min(from, tonumber(redis.call('HGET', KEYS[4], 'from') or from))
  redis.call('HSET', KEYS[4], 'from', string.format('%.0f', from), 'to', '0', 'reason', reason)
end
local doubt = redis.call('HMGET', KEYS[4], 'from', 'to', 'reason')
return {fell, last, doubt[1] or '', doubt[2] or '', doubt[3] or ''}
