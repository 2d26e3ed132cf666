// SPDX-License-Identifier: GPL-3.0-or-later
// Where an indirect jump goes: tables that its function refers to. Every constant of the function that points to data may
// be one; a table ends where an entry leads out of the function, or between instructions. A table too many costs some
// code that never runs; one too few is an error at run time that names the address.
#include "Guest.h"
#include "Program.h"
#include <algorithm>
#include <cstring>

namespace hc {
namespace {

constexpr unsigned LongestTable = 4096;
constexpr uint64_t Largest = 0x10000; // function whose extent is not known

class Tables {
public:
  Tables(Program &program, Function &function)
      : program(program), function(function), limit(std::min(program.limit(function), function.address + Largest)) {
    sweep();
    for (uint64_t leader : function.leaders) readConstants(leader);
  }

  std::set<uint64_t> find() {
    for (uint64_t table : data) {
      readAbsolute(table);
      readRelative(table, table);
      for (uint64_t label : labels) readRelative(table, label);
    }
    return targets;
  }

private:
  // Where instructions begin, as far as the function's extent is known.
  void sweep() {
    for (uint64_t at = function.address; function.end && at < function.end;) {
      boundaries.insert(at);
      unsigned length = program.decode(at).length;
      at += length ? length : isaOf(program.executable.guest).alignment;
    }
  }

  void readConstants(uint64_t address) {
    for (;;) {
      const Instruction &instruction = program.decode(address);
      for (uint64_t constant : instruction.constants) {
        if (constant == instruction.next()) continue;
        if (!program.executable.isCode(constant)) {
          if (program.executable.at(constant, 4)) data.insert(constant);
        } else if (function.contains(constant)) labels.insert(constant);
      }
      if (instruction.ends || !instruction.length) return;
      address = instruction.next();
      if (function.leaders.count(address)) return;
    }
  }

  bool isTarget(uint64_t address) {
    if (function.contains(address)) return !function.end || boundaries.count(address);
    if (!program.executable.isCode(address)) return false;
    if (!function.end) return address > function.address && address < limit && program.decode(address).kind != Instruction::Unknown;
    Function *other = program.owner(address); // the cold part of a split function, for one, which has a frame of its own
    return other && other->address == address;
  }

  template <class Entry> void read(uint64_t table, unsigned size, unsigned fewest, Entry entry) {
    std::set<uint64_t> found;
    unsigned count = 0;
    bool within = false; // else it is a table of functions
    for (uint64_t at = table; count < LongestTable; at += size, ++count) {
      if (count && (data.count(at) || (!function.end && program.isReferenced(at)))) break;
      const uint8_t *bytes = program.executable.at(at, size);
      if (!bytes || program.executable.isCode(at)) break;
      uint64_t target = entry(at, bytes);
      if (!isTarget(target)) break;
      found.insert(target);
      within |= function.contains(target) || !function.end;
    }
    if (count >= fewest && within) targets.insert(found.begin(), found.end());
  }

  void readAbsolute(uint64_t table) {
    read(table, 8, 1, [this](uint64_t at, const uint8_t *) { return program.executable.word(at); });
  }

  void readRelative(uint64_t table, uint64_t base) {
    read(table, 4, 2, [base](uint64_t, const uint8_t *bytes) {
      int32_t offset;
      memcpy(&offset, bytes, 4);
      return base + uint64_t(int64_t(offset));
    });
  }

  Program &program;
  Function &function;
  const uint64_t limit;
  std::set<uint64_t> boundaries, data, labels, targets;
};

} // namespace

// True when there are targets that were not known.
bool Program::findJumpTables(Function &function) {
  if (executable.guest == Guest::AArch64) return followConstants(function);
  if (function.indirectJumps.empty()) return false;
  size_t before = function.jumpTargets.size();
  std::set<uint64_t> targets = Tables(*this, function).find();
  function.jumpTargets.insert(targets.begin(), targets.end());
  return function.jumpTargets.size() > before;
}

} // namespace hc
