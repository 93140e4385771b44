-- A worker says that it lives, and learns which others have gone silent. By the clock of the server: those of the processes may be wrong.
-- KEYS 1 roll (sorted set: consumer, ms of its last word); ARGV 1 consumer 2 ms after which silence counts 3 ms after which a name is forgotten
-- Answers consumer, ms, consumer, ms, ...
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
-- First, so that what follows is taken at maxmemory too.
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[3]))
redis.call('ZADD', KEYS[1], now, ARGV[1])
return redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now - tonumber(ARGV[2]), 'WITHSCORES')
