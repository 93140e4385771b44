-- Moves a batch from one stream to the next, all or nothing.
-- KEYS 1 in 2 in sizes 3 out 4 out sizes 5 ledger 6 outcomes 7 dead 8 floor 9 attempts 10 seen 11 notes 12 fates
-- ARGV 1 group 2 consumer 3 output is under a floor 4 ms a generation of facts stays open 5 most facts of a generation 6..13 how many of each:
--   ids, outputs (v n d), requeued (v n d), dead (v n d stage stream project event error at), outcomes (field, count),
--   settled attempts (field), facts (12 digits from 0 to 3, the first of which name the set, and an int64 as text), fates (JSON).
-- Answers {'ok'}, {'lost', ids...}, {'seen', which of the facts, from 0 ...} or {'floor'}.
-- What was seen lies in two generations that take turns, each of many sets at KEYS[10]:generation:digits. A set of up to 512 integers is a
-- sorted array of 8 bytes each (set-max-intset-entries), an eighth of what an entry of a large set takes. They share the slot of KEYS[10];
-- all that are written are read first, so that a cluster that moves the slot refuses the script before it has moved a message.
-- Everything that frees memory comes before anything that takes it: a Redis at maxmemory drains.
local group, consumer = ARGV[1], ARGV[2]
local at = 13
local function take(count)
  local from = at + 1
  at = at + count
  return from, at
end
local ids_from, ids_to = take(tonumber(ARGV[6]))
local out_from, out_to = take(3 * tonumber(ARGV[7]))
local back_from, back_to = take(3 * tonumber(ARGV[8]))
local dead_from, dead_to = take(9 * tonumber(ARGV[9]))
local outcomes_from, outcomes_to = take(2 * tonumber(ARGV[10]))
local settled_from, settled_to = take(tonumber(ARGV[11]))
local facts_from, facts_to = take(tonumber(ARGV[12]))
local fates_from, fates_to = take(tonumber(ARGV[13]))
-- Receipts are told to the writer every few seconds; where it is away they must not fill Redis.
local most_fates = 500

local lost = {'lost'}
for i = ids_from, ids_to do
  local pending = redis.pcall('XPENDING', KEYS[1], group, ARGV[i], ARGV[i], 1, consumer)
  if pending.err and string.sub(pending.err, 1, 7) ~= 'NOGROUP' then
    return pending
  end
  if pending.err or #pending == 0 then
    lost[#lost + 1] = ARGV[i]
  end
end
-- guard pending-gate
if #lost > 1 then
  return lost
end
-- end guard

local function chunks(from, to, size)
  local start = from - size
  return function()
    start = start + size
    if start <= to then
      return start, math.min(start + size - 1, to)
    end
  end
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

local facts_of_a_set, places = 256, 12
local head
local digits_of, names, members = {}, {}, {}
local seen = {'seen'}

local function of_generation(field, generation)
  return tonumber(redis.call('HGET', KEYS[10], field .. generation) or '')
end

local function start_of(generation)
  return KEYS[10] .. ':' .. generation .. ':'
end

local function forget(generation, digits)
  local sets = {start_of(generation)}
  for _ = 1, digits do
    local longer = {}
    for i, set in ipairs(sets) do
      for digit = 0, 3 do
        longer[4 * i - 3 + digit] = set .. digit
      end
    end
    sets = longer
  end
  for from, to in chunks(1, #sets, 1000) do
    redis.call('UNLINK', unpack(sets, from, to))
  end
end

if facts_to >= facts_from then
  head = tonumber(redis.call('HGET', KEYS[10], 'head') or '0')
  local since = of_generation('since', head)
  if not since or now - since >= tonumber(ARGV[4]) or of_generation('facts', head) >= tonumber(ARGV[5]) then
    if since then
      head = 1 - head
    end
    local digits, before = 0, of_generation('digits', head)
    while tonumber(ARGV[5]) > facts_of_a_set * 4 ^ digits do
      digits = digits + 1
    end
    forget(head, digits)
    if before and before ~= digits then
      forget(head, before)
    end
    redis.call('HSET', KEYS[10], 'head', head, 'since' .. head, now, 'digits' .. head, digits, 'facts' .. head, 0)
  end

  for i = facts_from, facts_to do
    names[i], members[i] = string.sub(ARGV[i], 1, places), string.sub(ARGV[i], places + 1)
  end
  local known = {}
  for generation = 0, 1 do
    local start, digits = start_of(generation), of_generation('digits', generation)
    digits_of[generation] = digits
    for i = facts_from, digits and facts_to or 0 do
      if redis.call('SISMEMBER', start .. string.sub(names[i], 1, digits), members[i]) == 1 then
        known[i] = true
      end
    end
  end
  for i = facts_from, facts_to do
    if known[i] then
      seen[#seen + 1] = i - facts_from
    end
  end
end
-- guard seen-gate
if #seen > 1 then
  return seen
end
-- end guard

-- guard floor
if ARGV[3] == '1' and out_to >= out_from then
  local floor = redis.call('GET', KEYS[8])
  if not floor then
    redis.call('PUBLISH', 'ep:wake:' .. KEYS[3], '') -- the writer is to publish it
    return {'floor'}
  end
  -- A new id is at least (now, 0). Only where that is no proof is the stream asked: XINFO copies two whole entries.
  local floor_ms, floor_seq = string.match(floor, '^(%d+)-(%d+)$')
  if now <= tonumber(floor_ms) then
    local last_ms, last_seq = '0', '0'
    local info = redis.pcall('XINFO', 'STREAM', KEYS[3])
    if not info.err then
      for i = 1, #info, 2 do
        if info[i] == 'last-generated-id' then
          last_ms, last_seq = string.match(info[i + 1], '^(%d+)-(%d+)$')
        end
      end
    end
    local function below(a, b)
      return #a < #b or (#a == #b and a < b)
    end
    if below(last_ms, floor_ms) or (last_ms == floor_ms and below(last_seq, floor_seq)) then
      redis.call('PUBLISH', 'ep:wake:' .. KEYS[3], '')
      return {'floor'}
    end
  end
end
-- end guard

for i = ids_from, ids_to do
  redis.call('XACK', KEYS[1], group, ARGV[i])
  redis.call('XDEL', KEYS[1], ARGV[i])
  redis.call('HDEL', KEYS[2], ARGV[i])
end
for from, to in chunks(settled_from, settled_to, 1000) do
  redis.call('HDEL', KEYS[9], unpack(ARGV, from, to))
end

if facts_to >= facts_from then
  local start, digits = start_of(head), digits_of[head]
  for i = facts_from, facts_to do
    redis.call('SADD', start .. string.sub(names[i], 1, digits), members[i])
  end
  redis.call('HINCRBY', KEYS[10], 'facts' .. head, facts_to - facts_from + 1)
end

local function add(stream, sizes, from, to, ...)
  for i = from, to, 3 do
    local id = redis.call('XADD', stream, '*', 'v', ARGV[i], 'n', ARGV[i + 1], 'd', ARGV[i + 2], ...)
    redis.call('HSET', sizes, id, ARGV[i + 1])
  end
  if to >= from then
    redis.call('PUBLISH', 'ep:wake:' .. stream, '')
  end
end
add(KEYS[3], KEYS[4], out_from, out_to)
add(KEYS[1], KEYS[2], back_from, back_to, 'q', '1')

for i = dead_from, dead_to, 9 do
  redis.call('XADD', KEYS[7], '*', 'v', ARGV[i], 'n', ARGV[i + 1], 'd', ARGV[i + 2], 'stage', ARGV[i + 3], 'stream', ARGV[i + 4],
    'project', ARGV[i + 5], 'event', ARGV[i + 6], 'error', ARGV[i + 7], 'at', ARGV[i + 8])
  redis.call('HINCRBY', KEYS[11], 'dead:' .. ARGV[i + 3], ARGV[i + 1])
end

for i = fates_from, fates_to do
  if redis.call('RPUSH', KEYS[12], ARGV[i]) > most_fates then
    redis.call('LPOP', KEYS[12])
    redis.call('HINCRBY', KEYS[11], 'fates_dropped', 1)
  end
end
for i = outcomes_from, outcomes_to, 2 do
  redis.call('HINCRBY', KEYS[6], ARGV[i], ARGV[i + 1])
  local outcome = string.match(ARGV[i], '^[^|]*|[^|]*|(.*)$')
  if outcome == 'duplicate' or outcome == 'dead' or string.sub(outcome, 1, 9) == 'filtered:' then
    redis.call('HINCRBY', KEYS[5], outcome, ARGV[i + 1])
  end
end
return {'ok'}
