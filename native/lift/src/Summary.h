// SPDX-License-Identifier: GPL-3.0-or-later
// What callers must know of functions to pass registers in values. It holds for the whole program, which is all there: nothing of
// the platform's ABI is taken for granted but that flags mean nothing after calls and returns, that variadic functions read no more arguments than they got, that no program overwrites a
// return address or a saved register through a computed pointer, and that callees leave alone what lies below the
// return address of their callers' frames and isn't theirs.
#pragma once
#include "Body.h"

namespace hc {

constexpr unsigned VarArgsVectors = 8; // psABI 3.5.7

struct Summary {
  // --- by Frames ---
  bool inValues = false;    // registers may be passed in values: it returns where it was called, with the stack as it was
  bool balanced = true;     // the stack is as it was wherever it returns
  bool returns = false;     // as far as is seen
  bool confined = false;    // nobody reads its frame, nor those of its callees, but themselves
  RegisterSet clobbers;     // may be others after it returned
  RegisterSet clobbersByJump; // when it jumps to where is not known
  bool variadic = false;    // saves the vector registers that al counts, for va_arg
  std::set<const llvm::Instruction *> own;   // accesses to its frame, when no other function gets to know an address in there
  std::set<const llvm::Instruction *> saves; // reads of registers just to save them in its frame
  std::set<const llvm::Instruction *> restores; // writes of what was saved to the same register
  RegisterSet kept;         // what was saved is used in another way

  // --- by Liveness ---
  RegisterSet uses;         // read, by it or its callees, before written
  RegisterSet direct;       // those of them that it reads itself or passes on in values
  RegisterSet liveAfter;    // read after it returned, by any caller
  bool mayLeave = false;    // may return with all registers in the runtime's struct, and an address where to go on

  // In values, in this order; all others go through the runtime's struct.
  std::vector<unsigned> arguments, results;
  RegisterSet argumentSet() const { return setOf(arguments); }
  RegisterSet resultSet() const { return setOf(results); }
  // What a call may read. A variadic function does not look for more arguments than it was passed.
  RegisterSet usesAt(const Site &site) const {
    RegisterSet some = uses;
    if (variadic)
      for (unsigned number = site.vectors; number < VarArgsVectors; ++number) some.remove(RegisterIndex::xmm(number));
    return some;
  }
  // What it must have written back when it returns.
  RegisterSet returned() const { return clobbers & liveAfter; }
  RegisterSet touched;      // may have another value in the struct while it runs, also from its callees' calls
  RegisterSet restored;     // those of them that it must put back

private:
  static RegisterSet setOf(const std::vector<unsigned> &list) {
    RegisterSet set;
    for (unsigned index : list) set.add(index);
    return set;
  }
};

struct Analysis {
  std::map<uint64_t, std::unique_ptr<Body>> bodies; // by the function's address
  std::map<uint64_t, Summary> summaries;
  // Of all functions that calls through pointers may lead to.
  RegisterSet takenUses, takenClobbers, takenLiveAfter;
  // Of all places that a jump to an unknown address may lead to: those, and return sites (longjmp).
  RegisterSet anywhereUses;

  Summary &of(const Function &function) { return summaries[function.address]; }
};

// What is written to the runtime's struct before a call through a pointer. A callee that does not clobber a register which others
// do leaves it there.
inline RegisterSet flushedForPointer(const Analysis &analysis, const Site &site) {
  RegisterSet kept = analysis.takenClobbers & site.live;
  kept.remove(RegisterIndex::Rax);
  return (analysis.takenUses - RegisterSets::pointerArguments()) | kept;
}

// Which functions keep the stack and registers as they found them.
void analyseFrames(Output &output, Analysis &analysis);
// Which registers are read, where.
void analyseLiveness(Output &output, Analysis &analysis);

} // namespace hc
