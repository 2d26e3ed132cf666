// SPDX-License-Identifier: GPL-3.0-or-later
// Which functions keep the stack and registers as they found them: an abstract interpretation. Of every register and every word
// of the frame it knows whether it holds what some register held at the function's begin, an address in the frame, a
// constant, or the return address. It begins with callees that return never and change nothing, and goes on until all agree.
#include "Order.h"
#include "Summary.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/SmallPtrSet.h"
#include <array>

using namespace llvm;

namespace hc {
namespace {

constexpr unsigned Registers = 60;
constexpr int64_t Word = 8;

struct Known {
  enum Kind : uint8_t { Nothing, Initial, Stack, Constant, ReturnAddress, Unknown };
  Kind kind = Nothing;
  int64_t value = 0; // of Initial: a register; of Stack: bytes from the return address
  bool operator==(const Known &other) const { return kind == other.kind && value == other.value; }
  bool operator!=(const Known &other) const { return !(*this == other); }
  Known meet(const Known &other) const {
    if (kind == Nothing || *this == other) return other;
    return other.kind == Nothing ? *this : Known{Unknown, 0};
  }
};
constexpr Known NotKnown{Known::Unknown, 0};

struct State {
  bool reached = false;
  std::array<Known, Registers> registers;
  std::map<int64_t, Known> frame; // by distance from the return address

  bool merge(const State &other) {
    if (!reached) {
      *this = other;
      return true;
    }
    bool changed = false;
    for (unsigned i = 0; i < Registers; ++i) {
      Known met = registers[i].meet(other.registers[i]);
      changed |= met != registers[i];
      registers[i] = met;
    }
    for (auto word = frame.begin(); word != frame.end();) {
      auto theirs = other.frame.find(word->first);
      if (theirs != other.frame.end() && theirs->second == word->second) ++word;
      else {
        word = frame.erase(word);
        changed = true;
      }
    }
    return changed;
  }

  void overwrite(int64_t from, int64_t size) {
    auto word = frame.lower_bound(from - Word + 1);
    while (word != frame.end() && word->first < from + size) word = frame.erase(word);
  }
};

struct Verdict {
  bool exposed = false; // somebody else may know an address in its frame
  bool balanced = true, confined = true, returns = false, jumps = false, knownSystemCalls = true;
  RegisterSet clobbers, clobbersByJump;
};

class Interpreter {
public:
  Interpreter(Analysis &analysis, Body &body) : analysis(analysis), body(body) {
    for (unsigned i = 0; i < body.variables.size(); ++i)
      if (body.variables[i]) registerOf[body.variables[i]] = i;
  }

  Verdict run() {
    State first;
    first.reached = true;
    for (unsigned i = 0; i < Registers; ++i) first.registers[i] = {Known::Initial, i};
    first.registers[RegisterIndex::Rsp] = {Known::Stack, 0};
    first.frame[0] = {Known::ReturnAddress, 0};
    states[body.start].merge(first);
    ReversePostOrderTraversal<BasicBlock *> order(body.start);
    do {
      changed = false;
      verdict = Verdict();
      for (BasicBlock *block : order)
        if (states[block].reached) visit(*block);
    } while (changed);
    return verdict;
  }

  // Reads of registers whose only use is to save them in the frame.
  std::set<const llvm::Instruction *> saves() {
    std::set<const llvm::Instruction *> found;
    for (auto &[place, index] : registerOf)
      for (const User *user : place->users()) {
        auto *load = dyn_cast<LoadInst>(user);
        if (!load || of(load) != Known{Known::Initial, index}) continue;
        bool saved = llvm::all_of(load->users(), [&](const User *by) {
          auto *store = dyn_cast<StoreInst>(by);
          if (!store || store->getValueOperand() != load) return false;
          Known address = of(store->getPointerOperand());
          return address.kind == Known::Stack && address.value < 0;
        });
        if (saved) found.insert(load);
      }
    return found;
  }

  // What becomes of registers that were saved.
  void findRestores(Summary &summary) {
    summary.restores.clear();
    for (BasicBlock &block : *body.holder)
      for (llvm::Instruction &instruction : block) {
        auto *load = dyn_cast<LoadInst>(&instruction);
        if (!load || registerOf.count(load->getPointerOperand()) || of(load).kind != Known::Initial) continue;
        const unsigned saved = unsigned(of(load).value);
        for (User *user : load->users()) {
          auto *store = dyn_cast<StoreInst>(user);
          auto to = store ? registerOf.find(store->getPointerOperand()) : registerOf.end();
          if (to != registerOf.end() && to->second == saved) summary.restores.insert(store);
          else summary.kept.add(saved);
        }
      }
  }

  // What lies above the return address is the caller's.
  Accesses own() {
    Accesses found;
    for (BasicBlock &block : *body.holder)
      for (llvm::Instruction &instruction : block) {
        Value *address = getLoadStorePointerOperand(&instruction);
        if (!address) continue;
        Known known = of(address);
        if (known.kind == Known::Stack && known.value <= 0) found.insert(&instruction);
      }
    return found;
  }

  // The prologue of variadic functions: where al is not 0, all vector registers that have arguments are saved (psABI 3.5.7).
  bool isVariadic(const std::set<const llvm::Instruction *> &saves) const {
    std::map<const BasicBlock *, unsigned> saved;
    for (const llvm::Instruction *load : saves) {
      unsigned index = registerOf.at(load->getOperand(0));
      for (unsigned number = 0; number < VarArgsVectors; ++number)
        if (index == RegisterIndex::xmm(number)) ++saved[load->getParent()];
    }
    return saved.size() == 1 && saved.begin()->second == VarArgsVectors && isGuarded(*saved.begin()->first);
  }

private:
  bool isGuarded(const BasicBlock &block) const {
    const BasicBlock *before = block.getSinglePredecessor();
    while (before && before->getSingleSuccessor() && before->size() == 1) before = before->getSinglePredecessor();
    auto *branch = before ? dyn_cast<BranchInst>(before->getTerminator()) : nullptr;
    return branch && branch->isConditional() && dependsOnRax(branch->getCondition());
  }

  bool dependsOnRax(const Value *value) const {
    if (isa<Constant>(value)) return true;
    if (auto *load = dyn_cast<LoadInst>(value)) {
      auto variable = registerOf.find(load->getPointerOperand());
      return variable != registerOf.end() && variable->second == RegisterIndex::Rax && of(load) == Known{Known::Initial, RegisterIndex::Rax};
    }
    auto *instruction = dyn_cast<llvm::Instruction>(value);
    if (!instruction || !(isa<CastInst>(instruction) || isa<CmpInst>(instruction) || isa<BinaryOperator>(instruction))) return false;
    return llvm::all_of(instruction->operands(), [&](const Use &operand) { return dependsOnRax(operand); });
  }

  Known of(const Value *value) const {
    if (auto *constant = dyn_cast<ConstantInt>(value))
      return constant->getBitWidth() == 64 ? Known{Known::Constant, constant->getSExtValue()} : NotKnown;
    auto known = values.find(value);
    return known == values.end() ? NotKnown : known->second;
  }

  void set(const Value *value, Known known) {
    auto [place, added] = values.try_emplace(value, known);
    if (!added && place->second == known) return;
    changed = true;
    place->second = known;
  }

  void visit(BasicBlock &block) {
    State state = states[&block];
    for (llvm::Instruction &instruction : block) {
      if (auto *call = dyn_cast<CallInst>(&instruction); call && body.sites.count(call)) {
        if (!atSite(body.sites.at(call), state)) return;
      } else visit(instruction, state);
    }
    for (BasicBlock *next : successors(&block)) changed |= states[next].merge(state);
  }

  void visit(llvm::Instruction &instruction, State &state) {
    if (auto *load = dyn_cast<LoadInst>(&instruction)) return visitLoad(*load, state);
    if (auto *store = dyn_cast<StoreInst>(&instruction)) return visitStore(*store, state);
    if (isa<IntToPtrInst>(instruction)) return set(&instruction, of(instruction.getOperand(0)));
    if (auto *operation = dyn_cast<BinaryOperator>(&instruction)) {
      Known left = of(operation->getOperand(0)), right = of(operation->getOperand(1));
      bool add = operation->getOpcode() == llvm::Instruction::Add, subtract = operation->getOpcode() == llvm::Instruction::Sub;
      if (add && left.kind == Known::Constant) std::swap(left, right);
      if ((add || subtract) && left.kind == Known::Stack && right.kind == Known::Constant)
        return set(operation, {Known::Stack, left.value + (add ? right.value : -right.value)});
    }
    for (Value *operand : instruction.operands()) expose(of(operand));
    if (!instruction.getType()->isVoidTy()) set(&instruction, NotKnown);
  }

  // Somebody else learns of an address in the frame, or where we return to.
  void expose(Known known) {
    if (known.kind == Known::Stack) verdict.exposed = true;
    if (known.kind == Known::Stack || known.kind == Known::ReturnAddress) verdict.confined = false;
  }

  uint64_t sizeOf(Type *type) const { return body.holder->getParent()->getDataLayout().getTypeStoreSize(type); }

  void visitLoad(LoadInst &load, State &state) {
    auto variable = registerOf.find(load.getPointerOperand());
    if (variable != registerOf.end()) return set(&load, state.registers[variable->second]);
    Known address = of(load.getPointerOperand()), result = NotKnown;
    if (address.kind == Known::Stack) {
      auto word = state.frame.find(address.value);
      if (word != state.frame.end() && load.getType()->isIntegerTy(64)) result = word->second;
      if (result.kind == Known::ReturnAddress) checkReturnAddress(load);
      else if (address.value + int64_t(sizeOf(load.getType())) > 0) verdict.confined = false;
    }
    set(&load, result);
  }

  // Who reads the return address but to return may look for more in the frames above.
  void checkReturnAddress(LoadInst &load) {
    for (User *user : load.users()) {
      auto *call = dyn_cast<CallInst>(user);
      if (!call || !body.sites.count(call) || body.sites.at(call).kind != Site::Return) verdict.confined = false;
    }
  }

  void visitStore(StoreInst &store, State &state) {
    Known value = of(store.getValueOperand());
    auto variable = registerOf.find(store.getPointerOperand());
    if (variable != registerOf.end()) {
      state.registers[variable->second] = value;
      return;
    }
    Known address = of(store.getPointerOperand());
    if (address.kind != Known::Stack) return expose(value);
    int64_t size = int64_t(sizeOf(store.getValueOperand()->getType()));
    state.overwrite(address.value, size);
    if (size == Word) state.frame[address.value] = value;
    if (address.value + size > 0) verdict.confined = false;
  }

  // --- sites: false where control does not come back -----------------------------------------------------

  bool atSite(Site &site, State &state) {
    site.reached = true;
    switch (site.kind) {
    case Site::Call: return called(site, state);
    case Site::Tail:
      if (!isAtReturn(state, 0)) verdict.balanced = false;
      if (called(site, state)) leave(state, verdict.clobbers);
      return false;
    case Site::Jump:
      verdict.jumps = true;
      verdict.confined = false;
      change(state, analysis.takenClobbers);
      leave(state, verdict.clobbersByJump);
      return false;
    case Site::Return:
      if (!isAtReturn(state, Word) || of(site.mark->getArgOperand(0)).kind != Known::ReturnAddress) verdict.balanced = false;
      leave(state, verdict.clobbers);
      return false;
    case Site::System: {
      Known number = state.registers[RegisterIndex::Rax];
      site.mayClone = number.kind != Known::Constant || number.value == int64_t(RegisterSets::SystemClone);
      if (site.mayClone) verdict.knownSystemCalls = verdict.balanced = false;
      verdict.confined = false;
      change(state, RegisterSets::systemResults());
      return true;
    }
    case Site::Flush: return true;
    case Site::Reload: change(state, site.registers); return true;
    }
    return true;
  }

  static bool isAtReturn(const State &state, int64_t popped) {
    Known stack = state.registers[RegisterIndex::Rsp];
    auto word = state.frame.find(0);
    return stack == Known{Known::Stack, popped} && word != state.frame.end() && word->second.kind == Known::ReturnAddress;
  }

  static void change(State &state, RegisterSet which) {
    which.each([&](unsigned index) { state.registers[index] = NotKnown; });
  }

  // A callee pops its return address. That one through a pointer does is checked at run time.
  bool called(Site &site, State &state) {
    const Summary *callee = site.callee ? &analysis.of(*site.callee) : nullptr;
    Known vectors = state.registers[RegisterIndex::Rax];
    bool counted = vectors.kind == Known::Constant && uint64_t(vectors.value) < VarArgsVectors;
    site.vectors = counted ? unsigned(vectors.value) : VarArgsVectors;
    if (!callee || !callee->confined) verdict.confined = false;
    for (unsigned i = 0; i < Registers; ++i)
      if (i != RegisterIndex::Rsp && !RegisterSets::flags().has(i)) expose(state.registers[i]);
    if (callee && !callee->returns) return false;
    change(state, (callee ? callee->clobbers : analysis.takenClobbers) | RegisterSets::flags());
    Known &stack = state.registers[RegisterIndex::Rsp];
    if (stack.kind != Known::Stack) return true;
    stack.value += Word;
    // What lies below is the callee's; a tail call leaves the slot of our own return address.
    state.frame.erase(state.frame.begin(), state.frame.lower_bound(std::min<int64_t>(stack.value, 0)));
    return true;
  }

  void leave(const State &state, RegisterSet &clobbers) {
    verdict.returns = true;
    for (unsigned i = 0; i < Registers; ++i)
      if (state.registers[i] != Known{Known::Initial, i}) clobbers.add(i);
    clobbers.remove(RegisterIndex::Rsp);
    clobbers = clobbers - RegisterSets::flags();
  }

  Analysis &analysis;
  Body &body;
  std::map<const Value *, unsigned> registerOf;
  DenseMap<const Value *, Known> values;
  DenseMap<const BasicBlock *, State> states;
  Verdict verdict;
  bool changed = false;
};

// Jumps from function to function instead of calls and returns, round and round, would use up the stack if made as calls.
class TailCycles {
public:
  TailCycles(Output &output, Analysis &analysis) {
    constexpr uint64_t Anything = 0; // stands for every function that pointers lead to
    for (auto &[address, body] : analysis.bodies) {
      if (output.program.isTaken(address)) edges[Anything].insert(address);
      for (auto &[mark, site] : body->sites) {
        if (site.kind == Site::Tail && site.reached) edges[address].insert(site.callee->address);
        if (site.kind == Site::Jump && !analysis.summaries[address].inValues) edges[address].insert(Anything);
      }
    }
  }

  bool has(uint64_t address) const {
    std::set<uint64_t> seen;
    std::vector<uint64_t> work{address};
    while (!work.empty()) {
      auto out = edges.find(work.back());
      work.pop_back();
      if (out == edges.end()) continue;
      for (uint64_t next : out->second) {
        if (next == address) return true;
        if (seen.insert(next).second) work.push_back(next);
      }
    }
    return false;
  }

private:
  std::map<uint64_t, std::set<uint64_t>> edges;
};

class Frames {
public:
  Frames(Output &output, Analysis &analysis) : output(output), analysis(analysis) {
    for (auto &[address, body] : analysis.bodies) {
      Summary &summary = analysis.summaries[address];
      summary.inValues = output.program.isSeparate(address); // parts of others are emitted with them
      summary.confined = true;
      for (auto &[mark, site] : body->sites)
        if (site.kind == Site::Call || site.kind == Site::Tail || site.kind == Site::Jump)
          callers[site.kind != Site::Jump && site.callee ? site.callee->address : 0].insert(address);
    }
  }

  // A function that turns out to be one for the runtime's struct may clobber more; then once more.
  void run() {
    for (auto &[address, body] : analysis.bodies) work.insert(address);
    do {
      settle();
      TailCycles cycles(output, analysis);
      for (auto &[address, summary] : analysis.summaries)
        if (summary.inValues && cycles.has(address)) giveUp(address);
    } while (!work.empty());
  }

private:
  void settle() {
    while (!work.empty()) {
      uint64_t address = *work.begin();
      work.erase(work.begin());
      update(address);
    }
  }

  void giveUp(uint64_t address) {
    analysis.summaries[address].inValues = false;
    work.insert(address);
  }

  void update(uint64_t address) {
    Summary &summary = analysis.summaries[address];
    Body &body = *analysis.bodies.at(address);
    Interpreter interpreter(analysis, body);
    Verdict verdict = interpreter.run();
    summary.balanced = verdict.balanced;
    bool inValues = summary.inValues && verdict.balanced && verdict.knownSystemCalls && (!verdict.jumps || body.hasTables);
    RegisterSet clobbers = summary.clobbers | verdict.clobbers;
    if (!inValues) clobbers |= verdict.clobbersByJump;
    bool confined = summary.confined && verdict.confined && inValues;
    bool returns = summary.returns || verdict.returns;
    bool changed = inValues != summary.inValues || clobbers != summary.clobbers || confined != summary.confined || returns != summary.returns;
    summary.inValues = inValues;
    summary.clobbers = clobbers;
    summary.confined = confined;
    summary.returns = returns;
    summary.saves = interpreter.saves();
    interpreter.findRestores(summary);
    if (output.ordered) summary.own = verdict.exposed ? Accesses() : interpreter.own();
    summary.variadic = interpreter.isVariadic(summary.saves);
    if (!changed) return;
    const auto &again = callers[address];
    work.insert(again.begin(), again.end());
    if (!output.program.isTaken(address) || clobbers.within(analysis.takenClobbers)) return;
    analysis.takenClobbers |= clobbers;
    work.insert(callers[0].begin(), callers[0].end());
  }

  Output &output;
  Analysis &analysis;
  std::map<uint64_t, std::set<uint64_t>> callers; // 0: through pointers
  std::set<uint64_t> work;
};

} // namespace

void analyseFrames(Output &output, Analysis &analysis) { Frames(output, analysis).run(); }

} // namespace hc
