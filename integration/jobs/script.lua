-- SPDX-License-Identifier: GPL-3.0-or-later
-- Closures, coroutines, errors through pcall and string work. The argument is the number of rounds.
local rounds = tonumber(arg[1])
local state = 12345
local function random(n)
  state = (state * 1103515245 + 12345) & 0x7fffffff
  return (state >> 8) % n
end

local function counter(step)
  local value = 0
  return function()
    value = value + step
    return value
  end, function() return value end
end

local function generate(n)
  return coroutine.wrap(function()
    for i = 1, n do
      coroutine.yield(i, coroutine.isyieldable())
      if i % 7 == 0 then
        local inner = coroutine.create(function(a) error({ code = a + coroutine.yield(a) }) end)
        local _, first = coroutine.resume(inner, i)
        local ok, err = coroutine.resume(inner, first)
        coroutine.yield(ok and 0 or err.code, false)
      end
    end
  end)
end

local function deep(n)
  if n == 0 then error("at the bottom", 2) end
  return 1 + deep(n - 1)
end

local function fails(kind)
  if kind == 0 then return nil + 1
  elseif kind == 1 then return ("x"):rep(3)()
  elseif kind == 2 then return deep(100)
  elseif kind == 3 then error({ kind = kind })
  else return setmetatable({}, { __index = function(_, key) error("no " .. key, 0) end }).field end
end

local words = {}
for word in ("the quick brown fox jumps over the lazy dog while seven wizards box"):gmatch("%a+") do words[#words + 1] = word end

local checksum = 0
local function mix(text)
  for i = 1, #text do checksum = (checksum * 31 + text:byte(i)) & 0xffffffff end
end

for round = 1, rounds do
  local steps = {}
  for i = 1, 20 do steps[i] = { counter(random(9) + 1) } end
  for _ = 1, 200 do steps[random(20) + 1][1]() end
  local total = 0
  for _, pair in ipairs(steps) do total = total + pair[2]() end

  local seen = 0
  for value, flag in generate(60) do seen = seen + value + (flag and 1 or 0) end

  local errors = {}
  for kind = 0, 4 do
    local ok, err = pcall(fails, kind)
    errors[#errors + 1] = tostring(ok) .. ":" .. (type(err) == "table" and err.kind or err)
  end
  local _, trace = xpcall(fails, function(err) return "handled " .. tostring(err) end, 0)

  local parts = {}
  for i = 1, 60 do parts[i] = words[random(#words) + 1] end
  local text = table.concat(parts, " "):gsub("%f[%w](%w)(%w*)", function(a, b) return a:upper() .. b:reverse() end)
  text = text .. ("%08.3f|%5d|%-6s|%x|%q"):format(total / 7, seen, words[round % #words + 1], state, "a\n\0b")
  local packed = string.pack("<i4s2d", round, text, math.sin(round))
  local number, again, sine = string.unpack("<i4s2d", packed)
  assert(number == round and again == text and sine == math.sin(round))

  table.sort(parts, function(a, b) return a == b and #a < #b or a < b end)
  mix(text)
  mix(table.concat(errors, ";"))
  mix(trace)
  mix(table.concat(parts, ","))
  if round % 50 == 0 then print(round, total, seen, ("%08x"):format(checksum), text:sub(1, 40)) end
end
print("done", rounds, ("%08x"):format(checksum))
