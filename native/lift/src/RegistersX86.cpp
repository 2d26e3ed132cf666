// SPDX-License-Identifier: GPL-3.0-or-later
#include "Registers.h"
#include "Vex.h"
#include "guest.h"

namespace hc {
namespace {

#define WORD(name, vex, field) {name, offsetof(VexGuestAMD64State, guest_##vex), offsetof(struct guest, field), Register::Word}
#define GPR(name, vex) WORD(name, vex, gpr[GUEST_##vex])
#define THREAD(name, vex, field) {name, offsetof(VexGuestAMD64State, guest_##vex), offsetof(struct guest, field), Register::Thread}
#define FLAG(name, vex, field) {name, offsetof(VexGuestAMD64State, guest_##vex), offsetof(struct guest, field), Register::Flags}

std::vector<Register> makeRegisters() {
  std::vector<Register> list = {
      GPR("rax", RAX), GPR("rcx", RCX), GPR("rdx", RDX), GPR("rbx", RBX), GPR("rsp", RSP), GPR("rbp", RBP),
      GPR("rsi", RSI), GPR("rdi", RDI), GPR("r8", R8), GPR("r9", R9), GPR("r10", R10), GPR("r11", R11),
      GPR("r12", R12), GPR("r13", R13), GPR("r14", R14), GPR("r15", R15),
      FLAG("flags.operation", CC_OP, flags_operation), FLAG("flags.first", CC_DEP1, flags_first),
      FLAG("flags.second", CC_DEP2, flags_second), FLAG("flags.third", CC_NDEP, flags_third),
      WORD("direction", DFLAG, direction), WORD("id", IDFLAG, identification), WORD("ac", ACFLAG, alignment_check),
      THREAD("fs", FS_CONST, fs), THREAD("gs", GS_CONST, gs), WORD("rounding", SSEROUND, rounding),
  };
  // 16 registers, and one that libVEX computes in; each in two halves.
  for (unsigned i = 0; i < 17; ++i) {
    unsigned vex = offsetof(VexGuestAMD64State, guest_YMM0) + i * sizeof(U256);
    list.push_back({"xmm", vex, unsigned(offsetof(struct guest, vector_low) + 16 * i), Register::Vector});
    list.push_back({"ymm", vex + 16, unsigned(offsetof(struct guest, vector_high) + 16 * i), Register::Vector});
  }
  return list;
}

} // namespace

const std::vector<Register> &registersOf(Guest) {
  static const std::vector<Register> list = makeRegisters();
  return list;
}

const Register *registerAt(Guest guest, unsigned vexOffset) {
  for (const Register &each : registersOf(guest))
    if (vexOffset >= each.vexOffset && vexOffset < each.vexOffset + each.size()) return &each;
  return nullptr;
}

unsigned indexOf(Guest guest, const Register &which) { return unsigned(&which - registersOf(guest).data()); }

RegisterSet RegisterSets::systemArguments() {
  using R = RegisterIndex;
  return {R::Rax, R::Rdi, R::Rsi, R::Rdx, R::R10, R::R8, R::R9};
}
RegisterSet RegisterSets::systemResults() { return {RegisterIndex::Rax, RegisterIndex::Rcx, RegisterIndex::R11}; }
RegisterSet RegisterSets::pointerArguments() {
  RegisterSet set;
  for (unsigned index : Pointer) set.add(index);
  return set;
}
RegisterSet RegisterSets::flags() { return {16, 17, 18, 19}; }

bool isIgnored(Guest, unsigned vexOffset) {
  switch (vexOffset) {
  case offsetof(VexGuestAMD64State, guest_RIP):
  case offsetof(VexGuestAMD64State, guest_EMNOTE):
  case offsetof(VexGuestAMD64State, guest_CMSTART):
  case offsetof(VexGuestAMD64State, guest_CMLEN):
  case offsetof(VexGuestAMD64State, guest_NRADDR):
  case offsetof(VexGuestAMD64State, guest_IP_AT_SYSCALL): return true;
  default: return false;
  }
}

} // namespace hc
