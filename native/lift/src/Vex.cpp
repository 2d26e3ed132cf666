// SPDX-License-Identifier: GPL-3.0-or-later
#include "Vex.h"
#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <unordered_map>

// libVEX's own settings; LibVEX_Init copies ours here, and the number of instructions changes from call to call.
extern "C" VexControl vex_control;

namespace hc::vex {
namespace {

// libVEX reports defects by a function that must not return; we are back here by longjmp.
jmp_buf givenUp;
bool lifting = false;

__attribute__((noreturn)) void giveUp() {
  if (lifting) longjmp(givenUp, 1);
  fprintf(stderr, "hc-lift: libVEX failed\n");
  abort();
}

std::string *printed = nullptr; // what libVEX prints, while somebody wants it
void print(const HChar *text, SizeT length) {
  if (printed) printed->append(text, length);
}

Bool follow(void *, Addr) { return False; }
UInt selfCheck(void *, VexRegisterUpdates *, const VexGuestExtents *) { return 0; }

VexTranslateArgs arguments;
VexTranslateResult result;
VexGuestExtents extents;
VexRegisterUpdates updates;
UChar unused[64];
Int unusedLength;

// libVEX reports aarch64's B as a call, like BL: Arm ARM C6.2.25.
bool isBranch(const uint8_t *end) {
  uint32_t last;
  if (arguments.arch_guest != VexArchARM64) return false;
  memcpy(&last, end - sizeof last, sizeof last);
  return last >> 26 == 5;
}

constexpr unsigned MostInstructions = 100;
uint32_t words[MostInstructions + Slack / sizeof(uint32_t)];

// Forms that libVEX does not know, as others of the same effect: Arm ARM C4.1.
uint32_t equivalent(uint32_t word) {
  if ((word & 0x7fc00000) == 0x28400000 || (word & 0x7fc00000) == 0x28000000) return word | 0x01000000; // LDNP, STNP -> LDP, STP
  if ((word & 0x3b20ec00) == 0x3820e800) return word & ~0x8000u;   // [x, x, SXTX] -> [x, x, LSL]
  if ((word & 0x3ffffc00) == 0x38bfc000) return word ^ (0x38bfc000 ^ 0x08dffc00);                       // LDAPR -> LDAR
  return word;
}

const uint8_t *rewritten(const uint8_t *bytes, unsigned instructions) {
  const unsigned count = std::min(instructions, MostInstructions);
  memcpy(words, bytes, sizeof(uint32_t) * count + Slack);
  for (unsigned i = 0; i < count; ++i) words[i] = equivalent(words[i]);
  return reinterpret_cast<const uint8_t *>(words);
}

} // namespace

void initialise(Guest guest) {
  VexControl control;
  LibVEX_default_VexControl(&control);
  control.iropt_level = 2;
  control.iropt_unroll_thresh = 0;
  control.guest_chase = False;
  control.guest_max_insns = 100;
  control.iropt_register_updates_default = VexRegUpdSpAtMemAccess;
  LibVEX_Init(giveUp, print, 0, &control);

  memset(&arguments, 0, sizeof arguments);
  LibVEX_default_VexArchInfo(&arguments.archinfo_guest);
  LibVEX_default_VexArchInfo(&arguments.archinfo_host);
  LibVEX_default_VexAbiInfo(&arguments.abiinfo_both);
  const bool isX86 = guest == Guest::X86_64;
  arguments.arch_guest = isX86 ? VexArchAMD64 : VexArchARM64;
  arguments.arch_host = VexArchAMD64;
  arguments.archinfo_guest.endness = arguments.archinfo_host.endness = VexEndnessLE;
  const UInt features = VEX_HWCAPS_AMD64_SSE3 | VEX_HWCAPS_AMD64_SSSE3 | VEX_HWCAPS_AMD64_CX16 | VEX_HWCAPS_AMD64_LZCNT |
                        VEX_HWCAPS_AMD64_AVX | VEX_HWCAPS_AMD64_RDTSCP | VEX_HWCAPS_AMD64_BMI | VEX_HWCAPS_AMD64_AVX2 |
                        VEX_HWCAPS_AMD64_F16C;
  arguments.archinfo_host.hwcaps = features;
  arguments.archinfo_guest.hwcaps = isX86 ? features : VEX_HWCAPS_ARM64_ATOMICS;
  arguments.archinfo_guest.arm64_dMinLine_lg2_szB = arguments.archinfo_guest.arm64_iMinLine_lg2_szB = 6;
  arguments.abiinfo_both.guest__use_fallback_LLSC = True; // by compare and swap
  arguments.abiinfo_both.guest_stack_redzone_size = isX86 ? 128 : 0;
  arguments.abiinfo_both.guest_amd64_assume_fs_is_const = True;
  arguments.abiinfo_both.guest_amd64_assume_gs_is_const = True;
  arguments.chase_into_ok = follow;
  arguments.needs_self_check = selfCheck;
  arguments.guest_extents = &extents;
  arguments.host_bytes = unused;
  arguments.host_bytes_size = sizeof unused;
  arguments.host_bytes_used = &unusedLength;
  arguments.disp_cp_xassisted = unused; // must not be null; nothing is ever run
  arguments.sigill_diag = False;
}

Block lift(const uint8_t *bytes, uint64_t address, unsigned instructions) {
  vex_control.guest_max_insns = int(instructions);
  if (arguments.arch_guest == VexArchARM64) bytes = rewritten(bytes, instructions);
  arguments.guest_bytes = bytes;
  arguments.guest_bytes_addr = address;
  Block block;
  lifting = true;
  if (!setjmp(givenUp)) block.code = LibVEX_FrontEnd(&arguments, &result, &updates);
  lifting = false;
  if (!block.code) return block;
  block.length = extents.len[0];
  if (block.code->jumpkind == Ijk_Call && isBranch(bytes + block.length)) block.code->jumpkind = Ijk_Boring;
  return block;
}

const std::string &operationName(IROp operation) {
  static std::unordered_map<int, std::string> names;
  auto [entry, added] = names.try_emplace(operation);
  if (added) {
    printed = &entry->second;
    ppIROp(operation);
    printed = nullptr;
  }
  return entry->second;
}

} // namespace hc::vex
