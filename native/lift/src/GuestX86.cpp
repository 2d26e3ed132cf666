// SPDX-License-Identifier: GPL-3.0-or-later
// x86-64 as a guest.
#include "Program.h"
#include "Registers.h"
#include "Vex.h"
#include "X87.h"
#include "x86-64/guest.h"

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

// Intel SDM volume 2, 2.1.1.
bool isPrefix(uint8_t byte) {
  switch (byte) {
  case 0x66: case 0x67: case 0xf0: case 0xf2: case 0xf3: case 0x2e: case 0x36: case 0x3e: case 0x26: case 0x64: case 0x65: return true;
  default: return false;
  }
}

// Instructions that are not left to libVEX.
bool decodeApart(const uint8_t *bytes, Instruction &instruction) {
  unsigned at = 0;
  bool repeat = false, shortAddress = false;
  while (at < 8 && isPrefix(bytes[at])) {
    repeat |= bytes[at] == 0xf3 || bytes[at] == 0xf2;
    shortAddress |= bytes[at] == 0x67;
    ++at;
  }
  if ((bytes[at] & 0xf0) == 0x40) ++at; // REX
  const uint8_t opcode = bytes[at];
  instruction.opcodeAt = at;
  if (isX87(opcode)) {
    instruction.kind = Instruction::X87;
    instruction.length = at + x87Length(bytes + at);
    return true;
  }
  if (repeat && !shortAddress && (opcode == 0xa4 || opcode == 0xa5 || opcode == 0xaa || opcode == 0xab)) {
    instruction.kind = Instruction::RepeatString;
    instruction.length = at + 1;
    return true;
  }
  if (opcode == 0xf4 || (opcode == 0x0f && bytes[at + 1] == 0x0b)) {
    instruction.kind = Instruction::Illegal;
    instruction.length = at + (opcode == 0xf4 ? 1 : 2);
    return true;
  }
  return false;
}

#define IGNORED(vex) offsetof(VexGuestAMD64State, guest_##vex)
using R = RegisterIndex;

GuestIsa make() {
  GuestIsa isa;
  isa.name = "x86-64";
  isa.alignment = 1;
  isa.registers = makeRegisters();
  isa.ignored = {IGNORED(RIP), IGNORED(EMNOTE), IGNORED(CMSTART), IGNORED(CMLEN), IGNORED(NRADDR), IGNORED(IP_AT_SYSCALL)};
  isa.helpers = {
      {"amd64g_calculate_condition", "hc_guest_condition"},
      {"amd64g_calculate_rflags_all", "hc_guest_flags"},
      {"amd64g_calculate_rflags_c", "hc_guest_carry"},
      {"amd64g_calculate_RCL", "hc_guest_rcl"},
      {"amd64g_calculate_RCR", "hc_guest_rcr"},
      {"amd64g_calculate_mmx_pmaddwd", "hc_guest_multiply_add_words"},
      {"amd64g_calculate_mmx_psadbw", "hc_guest_sum_of_differences"},
      {"amd64g_create_mxcsr", "hc_guest_read_mxcsr"},
      {"amd64g_check_ldmxcsr", "hc_guest_rounding_of_mxcsr"},
  };
  isa.dirtyHelpers = {
      {"amd64g_dirtyhelper_CPUID", "hc_guest_cpuid", {R::Rax, R::Rcx}, {R::Rax, R::Rbx, R::Rcx, R::Rdx}},
      {"amd64g_dirtyhelper_RDTSC", "hc_guest_time_stamp", {}, {}},
  };
  isa.rounding = offsetof(VexGuestAMD64State, guest_SSEROUND);
  isa.decodeApart = decodeApart;
  isa.saturates = isa.minimaOrderZeros = isa.subtractsProduct = isa.registersInStruct = false;
  return isa;
}

} // namespace

const GuestIsa &isaX86() {
  static const GuestIsa isa = make();
  return isa;
}

RegisterSet RegisterSets::systemArguments() {
  using R = RegisterIndex;
  return {R::Rax, R::Rdi, R::Rsi, R::Rdx, R::R10, R::R8, R::R9};
}
RegisterSet RegisterSets::systemResults() { return {RegisterIndex::Rax, RegisterIndex::Rcx, RegisterIndex::R11}; }
RegisterSet RegisterSets::lostInCalls() {
  using R = RegisterIndex;
  RegisterSet set = {R::Rax, R::Rcx, R::Rdx, R::Rsi, R::Rdi, R::R8, R::R9, R::R10, R::R11};
  for (unsigned i = 0; i < 16; ++i) set.add(R::xmm(i));
  return set;
}
RegisterSet RegisterSets::pointerArguments() {
  RegisterSet set;
  for (unsigned index : Pointer) set.add(index);
  return set;
}

} // namespace hc
