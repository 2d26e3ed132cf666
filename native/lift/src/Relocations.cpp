// SPDX-License-Identifier: GPL-3.0-or-later
#include "Relocations.h"
#include "llvm/BinaryFormat/ELF.h"

using namespace llvm;

namespace hc {
namespace {

// gABI, "Dynamic Section", "Relocation" and "Relative Relocation Table".
class Relocations {
public:
  Relocations(Executable &executable, uint64_t base) : executable(executable), base(base) {}

  bool readDynamic(Range dynamic) {
    for (uint64_t at = dynamic.begin; at < dynamic.end && executable.at(at, 16); at += 16) {
      const uint64_t tag = executable.word(at);
      if (tag == ELF::DT_NULL) break;
      entries[tag] = executable.word(at + 8);
    }
    return entries[ELF::DT_FLAGS_1] & ELF::DF_1_PIE;
  }

  void read() {
    readWithAddends(entries[ELF::DT_RELA], entries[ELF::DT_RELASZ]);
    readWithAddends(entries[ELF::DT_JMPREL], entries[ELF::DT_PLTRELSZ]);
    readRelative(entries[ELF::DT_RELR], entries[ELF::DT_RELRSZ]);
  }

private:
  // RELATIVE and, for a function that tells the address, IRELATIVE: the others name symbols.
  static bool isRelative(uint32_t type) {
    return type == ELF::R_X86_64_RELATIVE || type == ELF::R_X86_64_IRELATIVE || type == ELF::R_AARCH64_RELATIVE ||
           type == ELF::R_AARCH64_IRELATIVE;
  }

  void readWithAddends(uint64_t table, uint64_t size) {
    for (uint64_t at = base + table, end = at + size; at < end && executable.at(at, 24); at += 24)
      if (isRelative(uint32_t(executable.word(at + 8)))) put(base + executable.word(at), base + executable.word(at + 16));
  }

  // An even entry is an address; an odd one a bitmap of the 63 words that follow.
  void readRelative(uint64_t table, uint64_t size) {
    uint64_t next = 0;
    for (uint64_t at = base + table, end = at + size; at < end && executable.at(at, 8); at += 8) {
      const uint64_t entry = executable.word(at);
      if (!(entry & 1)) {
        next = base + entry;
        add(next);
        next += 8;
        continue;
      }
      for (unsigned bit = 1; bit < 64; ++bit)
        if (entry >> bit & 1) add(next + 8 * (bit - 1));
      next += 63 * 8;
    }
  }

  void add(uint64_t address) {
    if (executable.at(address, 8)) put(address, base + executable.word(address));
  }

  void put(uint64_t address, uint64_t value) {
    if (executable.at(address, 8)) executable.relocated[address] = value;
  }

  Executable &executable;
  const uint64_t base;
  std::map<uint64_t, uint64_t> entries;
};

} // namespace

bool readRelocations(Executable &executable, Range dynamic, uint64_t base) {
  Relocations relocations(executable, base);
  if (!relocations.readDynamic(dynamic)) return false;
  relocations.read();
  return true;
}

} // namespace hc
