-- SPDX-License-Identifier: GPL-3.0-or-later
-- Allocation and garbage collection.
local function make(depth)
  if depth == 0 then return {} end
  return { make(depth - 1), make(depth - 1) }
end

local function count(tree)
  if not tree[1] then return 1 end
  return 1 + count(tree[1]) + count(tree[2])
end

local deepest = 16
local kept = make(deepest)
for depth = 4, deepest, 5 do
  local rounds, sum = 1 << (deepest - depth + 2), 0
  for _ = 1, rounds do sum = sum + count(make(depth)) end
  print(depth, rounds, sum)
end
print(count(kept))
