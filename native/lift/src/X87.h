// SPDX-License-Identifier: GPL-3.0-or-later
// x87 instructions: libVEX computes them with 64 bits, so they are decoded here and computed by the runtime (x87.c).
#pragma once
#include <cstdint>

namespace hc {

// D8 to DF, and FWAIT, which has nothing to wait for.
inline bool isX87(uint8_t opcode) { return (opcode >= 0xd8 && opcode <= 0xdf) || opcode == 0x9b; }

// Bytes from the opcode on.
unsigned x87Length(const uint8_t *opcode);

} // namespace hc
