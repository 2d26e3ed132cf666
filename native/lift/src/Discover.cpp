// SPDX-License-Identifier: GPL-3.0-or-later
// Which functions there are, and where they are entered.
#include "Program.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/Twine.h"
#include <algorithm>

namespace hc {

Function *Program::find(uint64_t address) {
  auto found = functions.find(address);
  return found == functions.end() ? nullptr : &found->second;
}

Function *Program::add(uint64_t address, const char *found, uint64_t end, std::string name) {
  if (!executable.isCode(address)) return nullptr;
  auto [entry, added] = functions.try_emplace(address);
  Function &function = entry->second;
  if (added) {
    function.address = address;
    function.found = found;
    function.leaders.insert(address);
    if (auto extent = extents.find(address); extent != extents.end()) end = extent->second;
    queue.insert(address);
  }
  if (end) function.end = end;
  if (!name.empty()) function.name = name;
  return &function;
}

Function *Program::owner(uint64_t address) {
  auto extent = extents.upper_bound(address);
  if (extent == extents.begin()) return nullptr;
  --extent;
  return address < extent->second ? add(extent->first, "frame") : nullptr;
}

Function *Program::around(uint64_t address) {
  auto next = functions.upper_bound(address);
  return next == functions.begin() ? nullptr : &std::prev(next)->second;
}

bool Program::isLocal(const Function &from, uint64_t address) const {
  if (address == from.address) return true;
  if (functions.count(address)) return false;
  return from.end ? from.contains(address) : executable.isCode(address);
}

// C libraries end clone's unwind table in front of its system call. What follows belongs to it, as far as to who comes next.
bool Program::extend(Function &function, uint64_t address) {
  if (!executable.isCode(address) || owner(address) || !decode(address).isSystemCall) return false;
  auto next = functions.upper_bound(address);
  auto known = extents.upper_bound(address);
  uint64_t end = ~0ull;
  if (next != functions.end()) end = next->first;
  if (known != extents.end()) end = std::min(end, known->first);
  if (functions.count(address) || end == ~0ull) return false;
  function.end = extents[function.address] = end;
  return true;
}

// A jump out of one function into another, or within it.
void Program::reach(Function &function, uint64_t target, std::vector<uint64_t> &work) {
  if (!executable.isCode(target)) return;
  if (function.contains(target) || (!function.end && !functions.count(target) && !owner(target))) {
    function.leaders.insert(target);
    work.push_back(target);
    return;
  }
  Function *other = owner(target);
  if (!other) other = add(target, "jump");
  if (other && other->address != target && other != &function && other->entries.insert(target).second) again(*other);
}

// Puts clone's number where system calls have theirs: mov to al, eax or rax; push, which a pop follows.
static bool numbersClone(const uint8_t *bytes, unsigned length) {
  static constexpr std::initializer_list<uint8_t> Forms[] = {{0xb0, 56}, {0xb8, 56, 0, 0, 0}, {0x48, 0xc7, 0xc0, 56, 0, 0, 0}, {0x6a, 56}};
  return std::any_of(std::begin(Forms), std::end(Forms), [&](auto form) { return std::equal(form.begin(), form.end(), bytes, bytes + length); });
}

void Program::walk(Function &function, uint64_t address, std::vector<uint64_t> &work, std::set<uint64_t> &seen) {
  while (seen.insert(address).second) {
    if (address != function.address && functions.count(address)) return; // runs into the next function
    const Instruction instruction = decode(address);
    if (instruction.kind == Instruction::Unknown || instruction.kind == Instruction::Illegal) return;
    function.numbersClone |= executable.guest == Guest::X86_64 && numbersClone(executable.at(address), instruction.length);
    for (uint64_t constant : instruction.constants) {
      if (executable.isCode(constant)) {
        if (constant != instruction.next()) pointers.insert(constant);
      } else if (executable.at(constant)) references.insert(constant);
    }
    if (instruction.isCall) {
      if (!instruction.indirect) {
        called.insert(instruction.callee);
        add(instruction.callee, "call");
      }
      function.entries.insert(instruction.next());
    } else if (instruction.isSystemCall) function.systemCalls.insert(instruction.next());
    else if (instruction.indirect && !instruction.isReturn) function.indirectJumps.insert(address);
    for (uint64_t target : instruction.targets)
      if (target != instruction.next() || instruction.ends) reach(function, target, work);
    if (!instruction.fallsThrough) return;
    address = instruction.next();
    if (function.end && address >= function.end && !extend(function, address)) {
      if (!instruction.isCall) reach(function, address, work); // a call at the end does not return
      return;
    }
    if (instruction.ends) {
      function.leaders.insert(address);
      work.push_back(address);
      return;
    }
  }
}

void Program::explore(Function &function) {
  std::set<uint64_t> seen;
  std::vector<uint64_t> work{function.address};
  work.insert(work.end(), function.entries.begin(), function.entries.end());
  work.insert(work.end(), function.jumpTargets.begin(), function.jumpTargets.end());
  function.leaders.insert(work.begin(), work.end());
  do {
    while (!work.empty()) {
      uint64_t address = work.back();
      work.pop_back();
      walk(function, address, work, seen);
    }
    if (findJumpTables(function))
      for (uint64_t target : function.jumpTargets)
        if (!seen.count(target)) {
          function.leaders.insert(target);
          work.push_back(target);
        }
  } while (!work.empty());
  // A new thread begins there.
  if (function.numbersClone) function.entries.insert(function.systemCalls.begin(), function.systemCalls.end());
}

// Words in the data that are addresses of code.
void Program::readPointers() {
  for (const Segment &segment : executable.segments)
    for (uint64_t at = llvm::alignTo(segment.address, 8); at + 8 <= segment.inFile().end; at += 8) {
      if (executable.isCode(at)) continue;
      if (uint64_t value = executable.word(at); executable.isCode(value)) pointers.insert(value);
    }
}

bool Program::isPlausible(uint64_t address) {
  const Instruction &first = decode(address);
  if (first.kind == Instruction::Unknown) return false;
  return !first.fallsThrough || decode(first.next()).kind != Instruction::Unknown;
}

// A pointer to the begin of a function, to code that nobody owns, or to a label in a function that jumps through pointers.
void Program::usePointers() {
  std::set<uint64_t> some;
  some.swap(pointers);
  taken.insert(some.begin(), some.end());
  for (uint64_t address : some) {
    if (functions.count(address)) continue;
    Function *containing = owner(address);
    if (containing && containing->address != address) {
      if (!containing->indirectJumps.empty() && isPlausible(address) && containing->jumpTargets.insert(address).second)
        again(*containing);
    } else if (isPlausible(address)) add(address, "pointer");
  }
}

// What ends a function, or fills the room behind it: ret, nop, int3, zeros.
bool Program::followsEnd(uint64_t address) const {
  const uint8_t *before = executable.isCode(address - 1) ? executable.at(address - 1) : nullptr;
  return !before || *before == 0xc3 || *before == 0x90 || *before == 0xcc || *before == 0;
}

// Calls are sure to lead to functions; pointers may be labels, or just numbers.
uint64_t Program::limit(const Function &function) const {
  for (auto next = functions.upper_bound(function.address); next != functions.end(); ++next)
    if (called.count(next->first) || extents.count(next->first) || (taken.count(next->first) && followsEnd(next->first))) return next->first;
  return ~0ull;
}

void Program::exploreAll() {
  do {
    while (!queue.empty()) {
      uint64_t address = *queue.begin();
      queue.erase(queue.begin());
      explore(functions.at(address));
    }
    usePointers();
  } while (!queue.empty());
}

// Tables were read when not all functions behind theirs were known; these end them.
void Program::exploreAgain() {
  for (auto &[address, function] : functions) {
    if (function.end || function.jumpTargets.empty()) continue;
    function.jumpTargets.clear();
    function.leaders = {address};
    again(function);
  }
  exploreAll();
}

void Program::discover(const std::vector<uint64_t> &more) {
  for (auto &[address, symbol] : executable.symbols)
    if (symbol.size) extents[address] = address + symbol.size;
  for (const Frame &frame : executable.frames) {
    auto after = extents.upper_bound(frame.code.begin);
    bool within = after != extents.begin() && frame.code.begin < std::prev(after)->second;
    if (!within) extents[frame.code.begin] = frame.code.end;
  }
  for (auto &[address, symbol] : executable.symbols) add(address, "symbol", 0, symbol.name);
  for (auto &[begin, end] : extents) add(begin, "frame", end);
  add(executable.entry, "entry");
  taken.insert(executable.entry);
  taken.insert(more.begin(), more.end());
  for (uint64_t address : more) {
    Function *containing = owner(address);
    if (containing && containing->address != address) containing->entries.insert(address);
    else add(address, "option");
  }
  for (const Frame &frame : executable.frames)
    for (uint64_t pad : landingPads(executable, frame))
      if (Function *function = owner(pad)) function->entries.insert(pad);
  readPointers();
  exploreAll();
  if (executable.guest != Guest::AArch64) exploreAgain(); // the others' tables have a comparison to end them
}

// clone(2): VM, SIGHAND, THREAD, SETTLS, and no signal at the end.
bool Program::makesThreads() const {
  constexpr uint64_t Wanted = 0x90900, Clear = ~0x7fffff00ull;
  auto clones = [](auto &each) { return each.second.numbersClone && !each.second.systemCalls.empty(); };
  auto asks = [](auto &each) {
    return llvm::any_of(each.second.constants, [](uint64_t value) { return (value & Wanted) == Wanted && !(value & Clear); });
  };
  return llvm::any_of(functions, clones) && llvm::any_of(instructions, asks);
}

} // namespace hc
