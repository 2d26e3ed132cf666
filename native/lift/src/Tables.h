// SPDX-License-Identifier: GPL-3.0-or-later
// Data of the output: the guest's memory, and the table from its addresses to lifted code.
#pragma once
#include "Summary.h"

namespace hc {

void addMemory(Output &output);
void addCodeTable(Output &output, const Analysis &analysis);

} // namespace hc
