-- Moves counted outcomes, and the events they are of, into one entry of deltas.
-- KEYS 1 outcomes 2 deltas 3 sizes 4 floor 5 fates; ARGV 1 version 2 most outcomes in one entry 3 most fates
-- Answers how many outcomes and notes of fates were moved; 0 where there is nothing or the writer has not published its floor yet.
local floor = redis.call('GET', KEYS[4])
if not floor or (redis.call('HLEN', KEYS[1]) == 0 and redis.call('EXISTS', KEYS[5]) == 0) then
  return 0
end
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
-- guard floor
if now <= tonumber(string.match(floor, '^(%d+)-')) then
  return 0
end
-- end guard
local all = redis.call('HGETALL', KEYS[1])
local parts = {}
for i = 1, math.min(#all, 2 * tonumber(ARGV[2])), 2 do
  local project, minute, outcome = string.match(all[i], '^(%-?%d+)|(%d+)|(.*)$')
  redis.call('HDEL', KEYS[1], all[i])
  if project and all[i + 1] ~= '0' then
    parts[#parts + 1] = '{"projectId":' .. project .. ',"minute":' .. minute .. ',"outcome":' .. cjson.encode(outcome) .. ',"count":' .. all[i + 1] .. '}'
  end
end
local fates = redis.call('LRANGE', KEYS[5], 0, ARGV[3] - 1)
if #parts == 0 and #fates == 0 then
  return 0
end
redis.call('LTRIM', KEYS[5], ARGV[3], -1)
local payload = '{"v":1,"issues":[],"outcomes":[' .. table.concat(parts, ',') .. '],"fates":[' .. table.concat(fates, ',') .. ']}'
local id = redis.call('XADD', KEYS[2], '*', 'v', ARGV[1], 'n', '0', 'd', payload)
redis.call('HSET', KEYS[3], id, '0')
redis.call('PUBLISH', 'ep:wake:' .. KEYS[2], '')
return #parts + #fates
