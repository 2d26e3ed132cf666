-- SPDX-License-Identifier: GPL-3.0-or-later
-- Floating-point numbers in tables: five bodies, symplectic steps.
local bodies = {}
for i = 1, 5 do
  bodies[i] = { x = i * 1.5, y = i * i * 0.3, z = i % 3 * 0.2, vx = 0.1 / i, vy = 0.2 - i * 0.03, vz = 0.01 * i, mass = i == 1 and 40 or 0.02 * i }
end

local function step(dt)
  for i = 1, #bodies do
    local a = bodies[i]
    for j = i + 1, #bodies do
      local b = bodies[j]
      local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
      local square = dx * dx + dy * dy + dz * dz + 0.01
      local pull = dt / (square * math.sqrt(square))
      a.vx, a.vy, a.vz = a.vx - dx * b.mass * pull, a.vy - dy * b.mass * pull, a.vz - dz * b.mass * pull
      b.vx, b.vy, b.vz = b.vx + dx * a.mass * pull, b.vy + dy * a.mass * pull, b.vz + dz * a.mass * pull
    end
  end
  for _, body in ipairs(bodies) do
    body.x, body.y, body.z = body.x + dt * body.vx, body.y + dt * body.vy, body.z + dt * body.vz
  end
end

for _ = 1, 150000 do step(0.001) end
for _, body in ipairs(bodies) do print(("%.12g %.12g %.12g"):format(body.x, body.y, body.z)) end
