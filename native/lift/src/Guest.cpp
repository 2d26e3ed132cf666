// SPDX-License-Identifier: GPL-3.0-or-later
#include "Guest.h"
#include "llvm/ADT/STLExtras.h"

namespace hc {

const GuestIsa &isaOf(Guest guest) { return guest == Guest::X86_64 ? isaX86() : isaAArch64(); }

const Register *registerAt(Guest guest, unsigned vexOffset) {
  for (const Register &each : registersOf(guest))
    if (vexOffset >= each.vexOffset && vexOffset < each.vexOffset + each.size()) return &each;
  return nullptr;
}

unsigned indexOf(Guest guest, const Register &which) { return unsigned(&which - registersOf(guest).data()); }

bool isIgnored(Guest guest, unsigned vexOffset) { return llvm::is_contained(isaOf(guest).ignored, vexOffset); }

RegisterSet flagsOf(Guest guest) {
  RegisterSet set;
  for (const Register &each : registersOf(guest))
    if (each.kind == Register::Flags) set.add(indexOf(guest, each));
  return set;
}

} // namespace hc
