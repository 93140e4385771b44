-- Posts the records of a file, again and again, each time with ids that were never sent before.
--
--     wrk ... -s post.lua URL -- FILE CONTENT_TYPE SEED [REST_MS [PATH,PATH...]]
--
-- Records are separated by byte 30, and begin with the number of their error and byte 31: of several paths an error has its own, as a site has its own
-- errors. In them 32 times "I" stands for an event id and "NEWERROR" for a word that no other event has.
local next_thread = 0

function setup(thread)
    thread:set("number", next_thread)
    next_thread = next_thread + 1
end

local ID, NEW = string.rep("I", 32), "NEWERROR"
local requests, seed, at, sent = {}, 0, 0, 0

local function parts_of(text)
    local parts, from = {}, 1
    while true do
        local id, new = string.find(text, ID, from, true), string.find(text, NEW, from, true)
        local found = id and new and math.min(id, new) or id or new
        if not found then
            parts[#parts + 1] = string.sub(text, from)
            return parts
        end
        parts[#parts + 1] = string.sub(text, from, found - 1)
        parts[#parts + 1] = found == id and 1 or 2
        from = found + (found == id and #ID or #NEW)
    end
end

function init(args)
    local file = assert(io.open(args[1], "rb"))
    local text = file:read("*a")
    file:close()
    seed = tonumber(args[3])
    local headers = {
        ["Content-Type"] = args[2],
        ["User-Agent"] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        ["Origin"] = "https://shop.example",
    }
    local paths = {}
    for path in string.gmatch(args[5] or "", "[^,]+") do
        paths[#paths + 1] = path
    end
    for error, body in string.gmatch(text, "(%d+)\31([^\30]+)") do
        local path = paths[tonumber(error) % math.max(1, #paths) + 1]
        requests[#requests + 1] = parts_of(wrk.format("POST", path, headers, body))
    end
    -- Where it exists wrk asks it how long to wait before each request: here around REST_MS, so that requests do not march in step.
    local rest = tonumber(args[4] or "-1")
    if rest >= 0 then
        math.randomseed(seed * 100 + number)
        delay = function()
            return math.random() * 2 * rest
        end
    end
    at = number * 1009 % #requests
end

-- Eight letters, so that no normalizing of digits makes two of them alike.
local function word(n)
    local letters = {}
    for i = 8, 1, -1 do
        letters[i] = string.char(97 + n % 26)
        n = math.floor(n / 26)
    end
    return table.concat(letters)
end

function request()
    at = at % #requests + 1
    sent = sent + 1
    local parts, out = requests[at], {}
    local id, new
    for i = 1, #parts do
        local part = parts[i]
        if part == 1 then
            id = id or string.format("%08x%08x%016x", seed, number, sent)
            part = id
        elseif part == 2 then
            new = new or word((seed % 97 * 8 + number) * 10000000 + sent)
            part = new
        end
        out[i] = part
    end
    return table.concat(out)
end

function done(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '\n{"answered":%d,"refused":%d,"broken":%d,"microseconds":%d,"p50":%d,"p99":%d}\n',
        summary.requests, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
        summary.duration, latency:percentile(50), latency:percentile(99)))
end
