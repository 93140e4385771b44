-- A worker ends in order: what it still owes need not wait for its silence to be noticed.
-- KEYS 1 roll; ARGV 1 consumer 2 ms after which silence counts
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
redis.call('ZADD', KEYS[1], 'XX', now - tonumber(ARGV[2]), ARGV[1])
