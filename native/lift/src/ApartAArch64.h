// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>

namespace hc {

class Emitter;

bool isApart(uint32_t word);
void emitApart(Emitter &emitter, uint32_t word);

} // namespace hc
