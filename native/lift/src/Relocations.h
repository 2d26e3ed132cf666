// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "Elf.h"

namespace hc {

// Fills `relocated` from the dynamic section of an executable that lies `base` above where it was linked. The program relocates
// itself; what is wanted here are the pointers that it will have. False when the section is not that of an executable.
bool readRelocations(Executable &executable, Range dynamic, uint64_t base);

} // namespace hc
