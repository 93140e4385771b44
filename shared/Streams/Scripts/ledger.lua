-- One moment of a lane. KEYS 1 ledger 2 seen 3 dead 4 floor 5 balance 6 notes, then pairs (stream, sizes); ARGV 1 group
-- Answers {now ms, ledger, seen, dead entries, floor, newest dead id, balance, notes, {entries, sized entries, events, oldest id, pending}...}.
local time = redis.call('TIME')
local newest = redis.call('XREVRANGE', KEYS[3], '+', '-', 'COUNT', 1)[1]
local answer = {
  string.format('%.0f', tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)),
  redis.call('HGETALL', KEYS[1]),
  redis.call('HGETALL', KEYS[2]),
  redis.call('XLEN', KEYS[3]),
  redis.call('GET', KEYS[4]) or '',
  newest and newest[1] or '',
  redis.call('HGETALL', KEYS[5]),
  redis.call('HGETALL', KEYS[6]),
}
for i = 7, #KEYS, 2 do
  local sizes = redis.call('HVALS', KEYS[i + 1])
  local events = 0
  for _, size in ipairs(sizes) do
    events = events + tonumber(size)
  end
  -- XPENDING's summary tells the oldest only with its entry; the id alone is enough, so the fields are not returned.
  local oldest = redis.call('XRANGE', KEYS[i], '-', '+', 'COUNT', 1)[1]
  local pending = redis.pcall('XPENDING', KEYS[i], ARGV[1])
  answer[#answer + 1] = {
    redis.call('XLEN', KEYS[i]),
    #sizes,
    string.format('%.0f', events),
    oldest and oldest[1] or '',
    pending.err and 0 or pending[1],
  }
end
return answer
