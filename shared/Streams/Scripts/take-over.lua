-- Gives the entries that one consumer of a group owes to another, or to itself once more.
-- KEYS 1 stream; ARGV 1 group 2 from 3 to 4 most. Answers the entries.
-- Deliveries tell how many workers have had an entry in hand: reading one's own again is none.
local pending = redis.call('XPENDING', KEYS[1], ARGV[1], '-', '+', ARGV[4], ARGV[2])
local more = ARGV[2] == ARGV[3] and 0 or 1
local taken = {}
for _, entry in ipairs(pending) do
  local claimed = redis.call('XCLAIM', KEYS[1], ARGV[1], ARGV[3], 0, entry[1], 'RETRYCOUNT', entry[4] + more)
  taken[#taken + 1] = claimed[1]
end
return taken
