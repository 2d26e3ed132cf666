// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that pass registers in values.
#pragma once
#include "Summary.h"

namespace hc {

// Makes those functions for which that is proven right, and for each the one with which all others call it. What can be
// entered at return sites is still to be emitted for the runtime's struct.
void emitInRegisters(Output &output, Analysis &analysis);

} // namespace hc
