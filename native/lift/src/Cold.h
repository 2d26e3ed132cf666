// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "Emitter.h"

namespace hc {

// Functions that run only after a longjmp or an exception are simplified here; hc-compile's optimiser leaves them as they are.
void simplifyCold(Output &output);

} // namespace hc
