-- Posts comments, each with a number of its own and from a network of its own, and counts those that
-- were accepted. Arguments: address, content type, content with NUMBER in it, the first number, the
-- statuses that are good, and what the answer's Location has to hold ("" for anything).

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(arguments)
  address, kind, content, number, good, held = unpack(arguments)
  number = tonumber(number)
  accepted, refused, example = 0, 0, ""
end

function request()
  number = number + 1
  local rest, third = math.floor(number / 256), number % 256
  local first, second = math.floor(rest / 256), rest % 256
  local network = string.format("%d.%d.%d.7", 20 + first % 150, second, third)
  local body = content:gsub("NUMBER", string.format("%d", number))
  return wrk.format("POST", address, {
    ["Content-Type"] = kind, ["Host"] = "127.0.0.1", ["X-Forwarded-For"] = network
  }, body)
end

function response(status, headers, body)
  local location = headers["Location"] or headers["location"] or ""
  local is_good = good:find(tostring(status), 1, true) and location:find(held, 1, true)
  if is_good and not location:find("received", 1, true) then
    accepted = accepted + 1
  else
    refused, example = refused + 1, status .. " " .. location
  end
end

function done(summary)
  local accepted, refused, example = 0, 0, ""
  for _, thread in ipairs(threads) do
    accepted, refused = accepted + thread:get("accepted"), refused + thread:get("refused")
    example = thread:get("example")
  end
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format("POSTED %d %d %d %.6f %s\n", accepted, refused, lost, summary.duration / 1e6, example))
end
