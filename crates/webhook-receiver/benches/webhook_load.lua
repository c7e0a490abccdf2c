-- The script that wrk runs for the load: posts the signed deliveries of a file, one after the other.

local deliveries, next_one = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local timestamp, signature, body = line:match("^(%S+) (%S+) (.*)$")
    local headers = {
      ["Content-Type"] = "application/json",
      ["X-Signature"] = signature,
      ["X-Timestamp"] = timestamp,
    }
    deliveries[#deliveries + 1] = wrk.format("POST", "/", headers, body)
  end
end

function request()
  next_one = next_one % #deliveries + 1
  return deliveries[next_one]
end

function done(summary, latency)
  local seconds = summary.duration / 1e6
  print(string.format("deliveries per second %.0f", summary.requests / seconds))
  print(string.format("latency ms p50 %.2f p99 %.2f", latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
  print(string.format("responses other than 200: %d", summary.errors.status))
end
