// SPDX-License-Identifier: GPL-3.0-or-later
// aarch64 as a guest.
#include "ApartAArch64.h"
#include "Guest.h"
#include "Program.h"
#include "Vex.h"
#include "aarch64/guest.h"
#include <cstring>

namespace hc {
namespace {

#define VEX(vex) unsigned(offsetof(VexGuestARM64State, guest_##vex))
#define FIELD(field) unsigned(offsetof(struct guest, field))

const char *const wordNames[] = {"x0",  "x1",  "x2",  "x3",  "x4",  "x5",  "x6",  "x7",  "x8",  "x9",  "x10", "x11", "x12", "x13", "x14", "x15",
                                 "x16", "x17", "x18", "x19", "x20", "x21", "x22", "x23", "x24", "x25", "x26", "x27", "x28", "x29", "x30", "sp"};

std::vector<Register> makeRegisters() {
  std::vector<Register> list;
  for (unsigned i = 0; i < 32; ++i) list.push_back({wordNames[i], VEX(X0) + 8 * i, FIELD(x) + 8 * i, Register::Word});
  list.insert(list.end(), {
      {"flags.operation", VEX(CC_OP), FIELD(flags_operation), Register::Flags},
      {"flags.first", VEX(CC_DEP1), FIELD(flags_first), Register::Flags},
      {"flags.second", VEX(CC_DEP2), FIELD(flags_second), Register::Flags},
      {"flags.third", VEX(CC_NDEP), FIELD(flags_third), Register::Flags},
      {"tpidr", VEX(TPIDR_EL0), FIELD(tpidr), Register::Thread},
      {"fpcr", VEX(FPCR), FIELD(fpcr), Register::Word},
      // What a load-exclusive has seen.
      {"exclusive.size", VEX(LLSC_SIZE), FIELD(exclusive_size), Register::Word},
      {"exclusive.address", VEX(LLSC_ADDR), FIELD(exclusive_address), Register::Word},
      {"exclusive.low", VEX(LLSC_DATA_LO64), FIELD(exclusive_value[0]), Register::Word},
      {"exclusive.high", VEX(LLSC_DATA_HI64), FIELD(exclusive_value[1]), Register::Word},
  });
  for (unsigned i = 0; i < 32; ++i) list.push_back({"v", VEX(Q0) + 16 * i, FIELD(v) + 16 * i, Register::Vector});
  list.push_back({"saturated", VEX(QCFLAG), FIELD(saturated), Register::Vector});
  return list;
}

// Arm ARM C6.2: UDF and HLT mean nothing to a program, BRK raises a signal.
bool decodeApart(const uint8_t *bytes, Instruction &instruction) {
  uint32_t word;
  memcpy(&word, bytes, sizeof word);
  const bool breakpoint = (word & 0xffe0001f) == 0xd4200000, undefined = word >> 16 == 0;
  if (breakpoint || undefined) instruction.kind = Instruction::Illegal;
  else if (isApart(word)) instruction.kind = Instruction::Apart;
  else return false;
  instruction.length = 4;
  return true;
}

GuestIsa make() {
  GuestIsa isa;
  isa.name = "aarch64";
  isa.alignment = 4;
  isa.registers = makeRegisters();
  isa.ignored = {VEX(PC), VEX(EMNOTE), VEX(CMSTART), VEX(CMLEN), VEX(NRADDR), VEX(IP_AT_SYSCALL)};
  isa.helpers = {
      {"arm64g_calculate_condition", "hc_guest_condition"},
      {"arm64g_calculate_flag_n", "hc_guest_negative"},
      {"arm64g_calculate_flag_z", "hc_guest_zero"},
      {"arm64g_calculate_flag_c", "hc_guest_carry"},
      {"arm64g_calculate_flag_v", "hc_guest_overflow"},
      {"arm64g_calculate_flags_nzcv", "hc_guest_flags"},
      {"arm64g_calc_crc32b", "hc_guest_crc32b"},
      {"arm64g_calc_crc32h", "hc_guest_crc32h"},
      {"arm64g_calc_crc32w", "hc_guest_crc32w"},
      {"arm64g_calc_crc32x", "hc_guest_crc32x"},
      {"arm64g_calc_crc32cb", "hc_guest_crc32cb"},
      {"arm64g_calc_crc32ch", "hc_guest_crc32ch"},
      {"arm64g_calc_crc32cw", "hc_guest_crc32cw"},
      {"arm64g_calc_crc32cx", "hc_guest_crc32cx"},
  };
  isa.dirtyHelpers = {
      {"arm64g_dirtyhelper_MRS_CNTVCT_EL0", "hc_guest_counter", {}, {}},
      {"arm64g_dirtyhelper_MRS_CNTFRQ_EL0", "hc_guest_counter_frequency", {}, {}},
  };
  isa.rounding = VEX(FPCR);
  isa.decodeApart = decodeApart;
  isa.saturates = isa.minimaOrderZeros = isa.subtractsProduct = isa.registersInStruct = true;
  return isa;
}

} // namespace

const GuestIsa &isaAArch64() {
  static const GuestIsa isa = make();
  return isa;
}

} // namespace hc
