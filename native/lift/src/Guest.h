// SPDX-License-Identifier: GPL-3.0-or-later
// What differs between the ISAs of guests, as one table each: GuestX86.cpp, GuestAArch64.cpp.
#pragma once
#include "Elf.h"
#include "RegisterSet.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <vector>

namespace hc {

struct Instruction;

struct Register {
  enum Kind { Word, Vector, Flags, Thread }; // Thread: rarely set; always in the runtime's struct
  const char *name;
  unsigned vexOffset, offset; // in libVEX's guest state; in the runtime's struct guest
  Kind kind;
  unsigned size() const { return kind == Vector ? 16 : 8; }
};

// libVEX's helpers that compute from their arguments alone -> ours.
struct Helper {
  llvm::StringRef theirs;
  const char *ours;
};

// Those that have effects: the registers that they read and write in the runtime's struct.
struct DirtyHelper {
  llvm::StringRef theirs; // begin of the name
  const char *ours;
  RegisterSet reads, writes;
};

struct GuestIsa {
  const char *name;   // of the runtime's part: lift-NAME.bc
  unsigned alignment; // of instructions
  std::vector<Register> registers;
  std::vector<unsigned> ignored; // offsets in libVEX's state that mean nothing here
  std::vector<Helper> helpers;
  std::vector<DirtyHelper> dirtyHelpers;
  unsigned rounding; // offset in libVEX's state: the machine's rounding mode follows it
  // Instructions that are not left to libVEX: true when it is one, with kind and length set.
  bool (*decodeApart)(const uint8_t *bytes, Instruction &instruction);
  // IEEE 754 leaves open what conversions to integers give for what does not fit, and how minima treat not-a-numbers and zeros.
  bool saturates;          // else x86's "integer indefinite"
  bool minimaOrderZeros;   // else the second operand, unless the first is truly less
  bool subtractsProduct;   // libVEX's MSub is a - n * m, else n * m - a
  bool registersInStruct;  // always: what Frames and Liveness know of registers is x86-64's (Registers.h)
};
const GuestIsa &isaOf(Guest guest);
const GuestIsa &isaX86(), &isaAArch64();

inline const std::vector<Register> &registersOf(Guest guest) { return isaOf(guest).registers; }
// The register that holds byte `vexOffset` of libVEX's state; null for what is not kept.
const Register *registerAt(Guest guest, unsigned vexOffset);
unsigned indexOf(Guest guest, const Register &which);
// Parts of libVEX's state that mean nothing here.
bool isIgnored(Guest guest, unsigned vexOffset);
RegisterSet flagsOf(Guest guest);

} // namespace hc
