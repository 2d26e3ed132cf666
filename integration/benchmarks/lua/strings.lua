-- SPDX-License-Identifier: GPL-3.0-or-later
-- Formatting, patterns, replacement, concatenation.
local words, sum = {}, 0
for i = 1, 60000 do
  local line = ("%05d node-%x %s"):format(i, i * 7919 % 65536, ("ab"):rep(i % 9))
  for word in line:gmatch("[%w%-]+") do words[word] = (words[word] or 0) + 1 end
  local upper = line:upper():gsub("NODE%-(%x+)", "<%1>")
  sum = (sum * 31 + #upper + (line:find("ff", 1, true) or 0) + upper:byte(-1)) % 1000000007
end
local names = {}
for word in pairs(words) do names[#names + 1] = word end
table.sort(names)
print(sum, #names, #table.concat(names, ","), names[#names])
