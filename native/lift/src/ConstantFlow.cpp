// SPDX-License-Identifier: GPL-3.0-or-later
// Constants of aarch64 code: an address takes two instructions (ADRP, ADD) that may lie apart, and a jump table's entries are
// narrow and scaled. A forward analysis tells which constants a register can hold; what it misses is an error at run time that
// names the address.
#include "Guest.h"
#include "Program.h"
#include "llvm/ADT/APInt.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "Vex.h"
#include <array>
#include <cstring>
#include <optional>

namespace hc {
namespace {

constexpr unsigned LongestTable = 4096;
constexpr size_t MostValues = 8;
constexpr unsigned Registers = 31;
constexpr unsigned CallerSaved = 19; // AAPCS64 6.1.1: x0 to x18

using Values = std::set<uint64_t>;
using State = std::array<Values, Registers>;

bool join(Values &values, const Values &more) {
  size_t before = values.size();
  for (uint64_t value : more)
    if (values.size() < MostValues) values.insert(value);
  return values.size() > before;
}

class ConstantFlow {
public:
  ConstantFlow(Program &program, Function &function) : program(program), function(function) {}

  void run() {
    for (uint64_t leader : function.leaders) reach(leader, State(), 0);
    while (!work.empty()) {
      uint64_t leader = *work.begin();
      work.erase(work.begin());
      visit(leader);
    }
  }

  Values computed; // by ADD and ADR
  std::map<uint64_t, State> before; // by leader
  std::map<uint64_t, std::set<uint64_t>> sources; // of jumps, and of what falls through, to a leader

private:
  void reach(uint64_t address, const State &state, uint64_t source) {
    if (!function.leaders.count(address)) return;
    if (source) sources[address].insert(source);
    auto [known, added] = before.try_emplace(address, state);
    bool changed = added;
    for (unsigned i = 0; i < Registers && !added; ++i) changed |= join(known->second[i], state[i]);
    if (changed) work.insert(address);
  }

  void visit(uint64_t leader) {
    State state = before[leader];
    for (uint64_t at = leader;;) {
      const Instruction &instruction = program.decode(at);
      if (!instruction.length) return;
      step(instruction, state);
      if (instruction.isCall)
        for (unsigned i = 0; i < CallerSaved; ++i) state[i].clear();
      for (uint64_t target : instruction.targets) reach(target, state, at);
      if (instruction.indirect && !instruction.isCall)
        for (uint64_t target : function.jumpTargets) reach(target, state, at);
      if (!instruction.fallsThrough && instruction.ends) return;
      const uint64_t source = at;
      at = instruction.next();
      if (instruction.ends || function.leaders.count(at)) return reach(at, state, source);
    }
  }

  // Arm ARM C6.2: ADR, ADRP, ADD (immediate), MOV (register), LDR (literal).
  void step(const Instruction &instruction, State &state) {
    uint32_t word;
    memcpy(&word, program.executable.at(instruction.address), sizeof word);
    const unsigned to = word & 31, from = word >> 5 & 31;
    Values made;
    if ((word & 0x1f000000) == 0x10000000) {
      const int64_t offset = llvm::SignExtend64<21>((word >> 5 & 0x7ffff) << 2 | (word >> 29 & 3));
      if (word >> 31) made.insert((instruction.address & ~0xfffull) + uint64_t(offset * 4096));
      else computed.insert(*made.insert(instruction.address + uint64_t(offset)).first);
    } else if ((word & 0xff800000) == 0x91000000 && from < Registers) {
      for (uint64_t value : state[from]) made.insert(value + ((word >> 10 & 0xfff) << (word & 0x400000 ? 12 : 0)));
      computed.insert(made.begin(), made.end());
    } else if ((word & 0xffe0ffe0) == 0xaa0003e0 && (word >> 16 & 31) < Registers) made = state[word >> 16 & 31];
    else if (word >> 24 == 0x58) {
      const int64_t offset = llvm::SignExtend64<21>((word >> 5 & 0x7ffff) << 2);
      uint64_t value;
      if (const uint8_t *literal = program.executable.at(instruction.address + uint64_t(offset), sizeof value)) {
        memcpy(&value, literal, sizeof value);
        computed.insert(*made.insert(value).first);
      }
    }
    for (unsigned i = 0; i < Registers; ++i)
      if (instruction.writes >> i & 1) state[i].clear();
    if (to < Registers && !made.empty()) state[to] = made;
  }

  Program &program;
  Function &function;
  std::set<uint64_t> work;
};

// What an indirect jump's target is made of: base + entry of a table.
class Target {
public:
  Target(const IRSB &code, const State &state) : state(state) {
    for (int i = 0; i < code.stmts_used; ++i)
      if (code.stmts[i]->tag == Ist_WrTmp) definitions[code.stmts[i]->Ist.WrTmp.tmp] = code.stmts[i]->Ist.WrTmp.data;
    walk(code.next, false);
  }

  Values bases, tables;
  unsigned width = 0, shift = 0;
  bool isSigned = false;

private:
  void add(uint64_t value, bool inAddress) { (inAddress ? tables : bases).insert(value); }

  void walk(const IRExpr *expression, bool inAddress) {
    const auto &e = expression->Iex;
    switch (expression->tag) {
    case Iex_RdTmp:
      if (auto known = definitions.find(e.RdTmp.tmp); known != definitions.end()) walk(known->second, inAddress);
      return;
    case Iex_Const:
      if (e.Const.con->tag == Ico_U64) add(e.Const.con->Ico.U64, inAddress);
      return;
    case Iex_Get: {
      const unsigned index = (unsigned(e.Get.offset) - unsigned(offsetof(VexGuestARM64State, guest_X0))) / 8;
      if (index < Registers)
        for (uint64_t value : state[index]) add(value, inAddress);
      return;
    }
    case Iex_Load:
      if (inAddress) return;
      width = unsigned(sizeofIRType(e.Load.ty));
      return walk(e.Load.addr, true);
    case Iex_Unop: {
      llvm::StringRef name = vex::operationName(e.Unop.op);
      if (!inAddress && name.contains("Sto")) isSigned = true;
      return walk(e.Unop.arg, inAddress);
    }
    case Iex_Binop: return binary(vex::operationName(e.Binop.op), e.Binop.arg1, e.Binop.arg2, inAddress);
    default: return;
    }
  }

  void binary(llvm::StringRef name, const IRExpr *first, const IRExpr *second, bool inAddress) {
    walk(first, inAddress);
    if (name == "Add64") return walk(second, inAddress);
    if (inAddress || second->tag != Iex_Const) return;
    if (name == "Shl64") shift += second->Iex.Const.con->Ico.U8;
    else if (name == "Sar64") shift -= second->Iex.Const.con->Ico.U8, isSigned = true;
  }

  const State &state;
  std::map<IRTemp, const IRExpr *> definitions;
};

uint32_t wordAt(Program &program, uint64_t address) {
  uint32_t word = 0;
  if (const uint8_t *bytes = program.executable.at(address, sizeof word)) memcpy(&word, bytes, sizeof word);
  return word;
}

// Entries of a table that a jump in the block uses, by the comparison before it: CMP with a constant, then B.HI past the block, or
// B.LS to it.
unsigned tableLength(Program &program, const ConstantFlow &flow, uint64_t leader) {
  constexpr unsigned Lookback = 8;
  unsigned length = 0;
  auto sources = flow.sources.find(leader);
  if (sources == flow.sources.end()) return LongestTable;
  for (uint64_t source : sources->second) {
    const uint32_t condition = source + 4 == leader ? 8 : 9, branch = wordAt(program, source);
    unsigned found = 0;
    if ((branch & 0xff00001f) == (0x54000000 | condition))
      for (uint64_t at = source - 4; !found && at + 4 * Lookback >= source; at -= 4)
        if (const uint32_t word = wordAt(program, at); (word & 0x7fc0001f) == 0x7100001f) found = (word >> 10 & 0xfff) + 1;
    if (!found) return LongestTable;
    length = std::max(length, found);
  }
  return length;
}

// What the target of the function's indirect jump at `jump` is made of.
std::optional<Target> targetOf(Program &program, uint64_t leader, uint64_t jump, const std::map<uint64_t, State> &before) {
  constexpr unsigned MostInstructions = 90; // libVEX takes 100
  auto state = before.find(leader);
  const unsigned count = unsigned(jump - leader) / 4 + 1;
  if (leader > jump || state == before.end() || count > MostInstructions) return std::nullopt;
  vex::Block block = vex::lift(program.executable.at(leader), leader, count);
  if (!block.code || leader + block.length != jump + 4) return std::nullopt;
  Target target(*block.code, state->second);
  if (!target.width || target.shift > 3) return std::nullopt;
  return target;
}

} // namespace

// Pointers to code that the function makes, and where its indirect jumps go. True when there are targets that were not known.
bool Program::followConstants(Function &function) {
  ConstantFlow flow(*this, function);
  flow.run();
  const size_t before = function.jumpTargets.size();
  Values found, data;
  for (uint64_t value : flow.computed) (executable.isCode(value) ? found : data).insert(value);
  for (uint64_t jump : function.indirectJumps) {
    const uint64_t leader = *std::prev(function.leaders.upper_bound(jump));
    auto target = targetOf(*this, leader, jump, flow.before);
    if (!target) continue;
    const unsigned length = tableLength(*this, flow, leader);
    // A table's address may have been kept on the stack.
    const Values &tables = target->tables.empty() ? data : target->tables;
    for (uint64_t base : target->bases) {
      found.erase(base); // not called
      for (uint64_t table : tables)
        readTable(function, {table, table + length * target->width}, target->width, data, [&](uint64_t entry) {
          if (target->isSigned) entry = uint64_t(llvm::SignExtend64(entry, 8 * target->width));
          return base + (entry << target->shift);
        });
    }
  }
  pointers.insert(found.begin(), found.end());
  return function.jumpTargets.size() > before;
}

// Up to an entry that leads elsewhere, or to where other data begins.
void Program::readTable(Function &function, Range table, unsigned width, const std::set<uint64_t> &data,
                        llvm::function_ref<uint64_t(uint64_t)> target) {
  for (uint64_t at = table.begin; at < table.end; at += width) {
    const uint8_t *bytes = executable.at(at, width);
    if (!bytes || executable.isCode(at) || (at > table.begin && data.count(at))) return;
    uint64_t entry = 0;
    memcpy(&entry, bytes, width);
    const uint64_t address = target(entry);
    if (!isTargetOf(function, address)) return;
    function.jumpTargets.insert(address);
  }
}

// The functions of stripped programs without unwind tables have no known end.
bool Program::isTargetOf(const Function &function, uint64_t address) {
  constexpr uint64_t Farthest = 0x10000;
  if (address % 4) return false;
  if (function.end) return function.contains(address) && decode(address).kind != Instruction::Unknown;
  return address > function.address && address < function.address + Farthest && executable.isCode(address) &&
         decode(address).kind != Instruction::Unknown;
}

} // namespace hc
