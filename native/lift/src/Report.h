// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "Emitter.h"

namespace hc {

// What was found and what was not, as JSON.
bool writeReport(const Output &output, const std::string &path);

} // namespace hc
