// SPDX-License-Identifier: GPL-3.0-or-later
// Registers of x86-64 by name, for what knows of no other guest yet: functions that pass registers in values.
#pragma once
#include "Guest.h"

namespace hc {

struct RegisterIndex {
  static constexpr unsigned Rax = 0, Rcx = 1, Rdx = 2, Rbx = 3, Rsp = 4, Rbp = 5, Rsi = 6, Rdi = 7, R8 = 8, R9 = 9, R10 = 10, R11 = 11;
  static constexpr unsigned Vectors = 26; // xmm0 and ymm0's upper half, then those of 1 to 15, and libVEX's own
  static constexpr unsigned xmm(unsigned number) { return Vectors + 2 * number; }
};

struct RegisterSets {
  // The registers of system calls: psABI A.2.1. clone(2) lets the child begin on another stack.
  static RegisterSet systemArguments(), systemResults();
  static RegisterSet lostInCalls(); // psABI 3.2.1
  static RegisterSet flags() { return flagsOf(Guest::X86_64); }
  // In values in calls through pointers (runtime/lift/lift.h); the first result besides the address is rax.
  static constexpr unsigned Pointer[] = {RegisterIndex::Rsp, RegisterIndex::Rdi, RegisterIndex::Rsi,
                                         RegisterIndex::Rdx, RegisterIndex::Rcx, RegisterIndex::Rax};
  static RegisterSet pointerArguments();
  static constexpr uint64_t SystemClone = 56;
};

} // namespace hc
