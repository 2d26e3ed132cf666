// SPDX-License-Identifier: GPL-3.0-or-later
// Registers of the guest: where libVEX and where the runtime keep them.
#pragma once
#include "Elf.h"
#include "RegisterSet.h"
#include <cstdint>
#include <vector>

namespace hc {

struct Register {
  enum Kind { Word, Vector, Flags, Thread }; // Thread: set by system calls only
  const char *name;
  unsigned vexOffset, offset; // in libVEX's guest state; in the runtime's struct guest
  Kind kind;
  unsigned size() const { return kind == Vector ? 16 : 8; }
};

// The register that holds byte `vexOffset` of libVEX's state; null for what is not kept.
const Register *registerAt(Guest guest, unsigned vexOffset);
const std::vector<Register> &registersOf(Guest guest);
unsigned indexOf(Guest guest, const Register &which);

// Parts of libVEX's state that mean nothing here.
bool isIgnored(Guest guest, unsigned vexOffset);

struct RegisterIndex {
  static constexpr unsigned Rax = 0, Rcx = 1, Rdx = 2, Rbx = 3, Rsp = 4, Rbp = 5, Rsi = 6, Rdi = 7, R8 = 8, R9 = 9, R10 = 10, R11 = 11;
  static constexpr unsigned Vectors = 26; // xmm0 and ymm0's upper half, then those of 1 to 15, and libVEX's own
  static constexpr unsigned xmm(unsigned number) { return Vectors + 2 * number; }
};

struct RegisterSets {
  // The registers of system calls: psABI A.2.1. clone(2) lets the child begin on another stack.
  static RegisterSet systemArguments(), systemResults();
  static RegisterSet flags();
  // In values in calls through pointers (runtime/lift/lift.h); the first result besides the address is rax.
  static constexpr unsigned Pointer[] = {RegisterIndex::Rsp, RegisterIndex::Rdi, RegisterIndex::Rsi,
                                         RegisterIndex::Rdx, RegisterIndex::Rcx, RegisterIndex::Rax};
  static RegisterSet pointerArguments();
  static constexpr uint64_t SystemClone = 56;
};

} // namespace hc
