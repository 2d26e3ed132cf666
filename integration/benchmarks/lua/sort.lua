-- SPDX-License-Identifier: GPL-3.0-or-later
-- table.sort with a comparison function: C calls Lua for each comparison.
local state, list = 42, {}
for i = 1, 400000 do
  state = (state * 1103515245 + 12345) % 2147483648
  list[i] = state
end
table.sort(list, function(a, b) return a > b end)
print(list[1], list[200000], list[#list])
