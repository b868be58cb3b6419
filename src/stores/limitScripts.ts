/**
 * The algorithm of `createMemoryLimiter` as one atomic script, by the clock of Redis: the same whole milliseconds and units, so the same sums.
 * A counter is a text "used at" with an expiry: it is gone when it is full again, or its day or month is over. Places at a time are a sorted set of
 * leases by the time they end, so that those of a process that died come back.
 */

export const CALENDAR = `
local DAY = 86400000
-- The first of the next month, by days since 1970 (the civil calendar counted from the first of March of the year 0).
local function monthEnd(now)
  local z = math.floor(now / DAY) + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local mp = math.floor((5 * doy + 2) / 153)
  local year = yoe + era * 400
  -- From here the first of the month after; March is 0.
  mp = mp + 1
  if mp == 12 then
    mp = 0
    year = year + 1
  end
  era = math.floor(year / 400)
  yoe = year - era * 400
  doy = math.floor((153 * mp + 2) / 5)
  doe = yoe * 365 + math.floor(yoe / 4) - math.floor(yoe / 100) + doy
  return (era * 146097 + doe - 719468) * DAY
end
`;

const CLOCK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`;

/**
 * KEYS: a counter each. ARGV: "1" to charge whether it fits or not; then for each counter six: its kind (r, d, m, c), the quantity, the room, the
 * scale (r: the window), the rate (r) or the milliseconds of a lease (c), the lease (c). Answers four integers each: allowed, remaining, retry after
 * (-1: nobody knows, -2: never), reset after (-1: nobody knows).
 */
export const TAKE_SCRIPT = `${CALENDAR}${CLOCK}
local used, ends, wanted = {}, {}, {}
local all = true
for i, key in ipairs(KEYS) do
  local a = 2 + (i - 1) * 6
  local kind, quantity, room, scale, rate = ARGV[a], tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4])
  if kind == 'c' then
    redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
    used[i] = redis.call('ZCARD', key)
  else
    local known = redis.call('GET', key)
    local before, at = 0, now
    if known then
      local space = string.find(known, ' ')
      before, at = tonumber(string.sub(known, 1, space - 1)), tonumber(string.sub(known, space + 1))
    end
    if kind == 'r' then
      used[i] = math.max(0, before - math.max(0, now - at) * rate)
    else
      ends[i] = kind == 'd' and (math.floor(now / DAY) + 1) * DAY or monthEnd(now)
      used[i] = (known and now < at) and before or 0
    end
  end
  wanted[i] = used[i] + quantity * scale
  if wanted[i] > room then all = false end
end
local answers = {}
for i, key in ipairs(KEYS) do
  local a = 2 + (i - 1) * 6
  local kind, quantity, room, scale, rate, lease = ARGV[a], tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4]), ARGV[a + 5]
  local after = used[i]
  if all or ARGV[1] == '1' then
    after = math.max(0, wanted[i])
    if kind == 'c' then
      redis.call('ZADD', key, now + rate, lease)
      redis.call('PEXPIRE', key, rate)
    elseif after == 0 then
      redis.call('DEL', key)
    elseif kind == 'r' then
      redis.call('SET', key, string.format('%.17g %.0f', after, now), 'PX', math.max(1, math.ceil(after / rate)))
    else
      redis.call('SET', key, string.format('%.17g %.0f', after, ends[i]), 'PX', ends[i] - now)
    end
  end
  local retry, reset = 0, -1
  if wanted[i] > room then
    if quantity * scale > room then retry = -2
    elseif kind == 'c' then retry = -1
    elseif kind == 'r' then retry = math.ceil((wanted[i] - room) / rate)
    else retry = ends[i] - now end
  end
  if kind == 'r' then reset = math.ceil(after / rate) elseif kind ~= 'c' then reset = ends[i] - now end
  answers[#answers + 1] = wanted[i] <= room and 1 or 0
  answers[#answers + 1] = math.max(0, math.floor((room - after) / scale))
  answers[#answers + 1] = retry
  answers[#answers + 1] = reset
end
return answers
`;

/** KEYS: a set of leases each. ARGV: the milliseconds of a lease, then the lease of each. */
export const RENEW_SCRIPT = `${CLOCK}
for i, key in ipairs(KEYS) do
  redis.call('ZADD', key, now + ARGV[1], ARGV[i + 1])
  redis.call('PEXPIRE', key, ARGV[1])
end
`;
