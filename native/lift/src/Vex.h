// SPDX-License-Identifier: GPL-3.0-or-later
// libVEX as a decoder: instructions in, its intermediate representation out. Include LLVM's headers before this one:
// libVEX defines short names as macros.
#pragma once
#include "Elf.h"
#include <string>
extern "C" {
#include <valgrind/libvex_basictypes.h>
#include <valgrind/libvex.h>
#include <valgrind/libvex_ir.h>
#include <valgrind/libvex_guest_amd64.h>
#include <valgrind/libvex_guest_arm64.h>
}

namespace hc::vex {

void initialise(Guest guest);

struct Block {
  IRSB *code = nullptr; // valid until the next one is lifted; null: libVEX gave up
  unsigned length = 0;  // bytes of instructions
};
Block lift(const uint8_t *bytes, uint64_t address, unsigned instructions);

// "Add64" for Iop_Add64.
const std::string &operationName(IROp operation);

} // namespace hc::vex
