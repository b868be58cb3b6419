-- One connection's requests. BODY_FILE is a JSON body; MODE says what of it changes from request to request:
-- same: nothing; rotate: 1,000 operation names by turns; fresh: an operation name that was never sent; vary: the text @@@@@@@@ in it, a number of eight digits.
-- PAUSE_MS: how long a connection rests after an answer, on average; without it, not at all.
local file = assert(io.open(os.getenv("BODY_FILE"), "rb"))
local body = file:read("*a")
file:close()
local mode, seed = os.getenv("MODE") or "same", os.getenv("SEED") or "s"

wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.headers["accept"] = "application/json"
-- HEADERS: what clients send along, a line each.
for name, value in (os.getenv("HEADERS") or ""):gmatch("([^:\n]+): ([^\n]+)") do wrk.headers[name] = value end

local ready, count, head, tail = {}, 0, nil, nil

local function around(text, mark)
  local from, to = text:find(mark, 1, true)
  head, tail = text:sub(1, from - 1), text:sub(to + 1)
end

function init()
  if mode == "rotate" then
    for n = 1, 1000 do ready[n] = wrk.format(nil, nil, nil, (body:gsub("query Heavy", "query Heavy_" .. n, 1))) end
  elseif mode == "fresh" then
    -- Of one width, so that the head with its length is made once.
    local named = body:gsub("query Heavy", "query Heavy_" .. seed .. "_@@@@@@@@", 1)
    around(wrk.format(nil, nil, nil, named), "@@@@@@@@")
  elseif mode == "vary" then
    around(wrk.format(nil, nil, nil, body), "@@@@@@@@")
  else
    ready[1] = wrk.format(nil, nil, nil, body)
  end
end

function request()
  count = count + 1
  if head then return head .. string.format("%08d", count) .. tail end
  return ready[(count - 1) % #ready + 1]
end

local pause = tonumber(os.getenv("PAUSE_MS") or "0")
if pause > 0 then
  -- Exponential, so that requests come as from clients who know nothing of each other.
  function delay() return math.floor(0.5 - pause * math.log(1 - math.random())) end
end

function done(summary, latency)
  local e = summary.errors
  io.write(string.format('@@{"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
