-- Publishes the writer's cursor and lifts the stream's last id to it where it is below, so that every new id is after the cursor.
-- KEYS 1 deltas 2 floor 3 sizes; ARGV 1 cursor
-- Answers {lifted, last id before}.
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
return {lifted, last}
