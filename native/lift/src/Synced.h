// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "Summary.h"

namespace hc {

// For every site of a function with registers in values: which registers the runtime's struct has already, so that they need not
// be written to it. `code`: the body's blocks, in their final function.
std::map<const Site *, RegisterSet> findSynced(const llvm::Function &code, Analysis &analysis, Body &body);

} // namespace hc
