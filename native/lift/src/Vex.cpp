// SPDX-License-Identifier: GPL-3.0-or-later
#include "Vex.h"
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
  arguments.arch_guest = guest == Guest::X86_64 ? VexArchAMD64 : VexArchARM64;
  arguments.arch_host = VexArchAMD64;
  arguments.archinfo_guest.endness = arguments.archinfo_host.endness = VexEndnessLE;
  const UInt features = VEX_HWCAPS_AMD64_SSE3 | VEX_HWCAPS_AMD64_SSSE3 | VEX_HWCAPS_AMD64_CX16 | VEX_HWCAPS_AMD64_LZCNT |
                        VEX_HWCAPS_AMD64_AVX | VEX_HWCAPS_AMD64_RDTSCP | VEX_HWCAPS_AMD64_BMI | VEX_HWCAPS_AMD64_AVX2 |
                        VEX_HWCAPS_AMD64_F16C;
  arguments.archinfo_host.hwcaps = features;
  arguments.archinfo_guest.hwcaps = features;
  arguments.abiinfo_both.guest_stack_redzone_size = guest == Guest::X86_64 ? 128 : 0;
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
  arguments.guest_bytes = bytes;
  arguments.guest_bytes_addr = address;
  Block block;
  lifting = true;
  if (!setjmp(givenUp)) block.code = LibVEX_FrontEnd(&arguments, &result, &updates);
  lifting = false;
  if (block.code) block.length = extents.len[0];
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
