// SPDX-License-Identifier: GPL-3.0-or-later
// Nothing may stay in a native register across a marked call. What portable frames don't hold is only what the code
// generator made itself: constants and addresses that it computed once and shared. They are computed again after the call.
//
// Runs on machine SSA. A virtual register that crosses a marked call is cloned, with all it is computed from, either at its uses
// (out of loops without marked calls) or right after the calls, whichever runs less often. Deepest chains first:
// once a base is redefined it is a PHI, and what derives from it could not be cloned any more.
#include "Machine.h"
#include "llvm/CodeGen/MachineBlockFrequencyInfo.h"
#include "llvm/CodeGen/MachineLoopInfo.h"
#include "llvm/CodeGen/MachineRegisterInfo.h"
#include "llvm/CodeGen/MachineSSAUpdater.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include <map>

using namespace llvm;

namespace hc {
namespace {

constexpr unsigned MaxDepth = 6; // of a chain of instructions cloned for one value
constexpr unsigned BlockEnd = ~0u;

struct Rematerialise : MachineFunctionPass {
  static char ID;
  Emission &emission;
  explicit Rematerialise(Emission &emission) : MachineFunctionPass(ID), emission(emission) {}
  StringRef getPassName() const override { return "hc: rematerialise across marked calls"; }
  void getAnalysisUsage(AnalysisUsage &usage) const override {
    usage.addRequired<MachineLoopInfoWrapperPass>();
    usage.addRequired<MachineBlockFrequencyInfoWrapperPass>();
    usage.setPreservesCFG();
    MachineFunctionPass::getAnalysisUsage(usage);
  }

  bool runOnMachineFunction(MachineFunction &machineFunction) override {
    function = &machineFunction;
    code = function->getSubtarget().getInstrInfo();
    registers = function->getSubtarget().getRegisterInfo();
    info = &function->getRegInfo();
    loops = &getAnalysis<MachineLoopInfoWrapperPass>().getLI();
    frequencies = &getAnalysis<MachineBlockFrequencyInfoWrapperPass>().getMBFI();
    position.clear();
    callsIn.clear();
    clones.clear();
    const uint32_t *mask = Emission::mask(*function);
    for (MachineBasicBlock &block : *function) {
      unsigned next = 0;
      for (MachineInstr &instruction : block) {
        position[&instruction] = next++;
        if (Emission::isMarked(instruction, mask)) callsIn[&block].push_back(&instruction);
      }
    }
    if (callsIn.empty()) return false;
    std::vector<std::pair<int, unsigned>> order;
    for (unsigned i = 0, end = info->getNumVirtRegs(); i != end; ++i) {
      Register value = Register::index2VirtReg(i);
      if (info->use_nodbg_empty(value)) continue;
      MachineInstr *definition = info->getUniqueVRegDef(value);
      order.push_back({definition && canClone(*definition) ? -int(depth(value)) : 0, i});
    }
    std::stable_sort(order.begin(), order.end());
    bool changed = false;
    SmallVector<Register, 16> unused;
    for (auto &[negativeDepth, index] : order) {
      Register value = Register::index2VirtReg(index);
      MachineInstr *definition = info->use_nodbg_empty(value) ? nullptr : info->getUniqueVRegDef(value);
      if (definition && liftOverCalls(value, *definition)) {
        unused.push_back(value);
        changed = true;
      }
    }
    unused.append(clones.begin(), clones.end());
    eraseUnused(unused);
    return changed;
  }

private:
  // Is the value computed from constants and addresses only?
  bool canClone(const MachineInstr &definition, unsigned level = 0) const {
    if (level > MaxDepth) return false;
    if (definition.isPHI() || definition.isInlineAsm() || definition.isCall() || definition.hasUnmodeledSideEffects() ||
        definition.mayStore())
      return false;
    if (definition.isImplicitDef()) return true;
    if (definition.mayLoad() && !definition.isDereferenceableInvariantLoad()) return false;
    for (const MachineOperand &operand : definition.operands()) {
      if (operand.isFI()) return false;
      if (!operand.isReg() || !operand.getReg()) continue;
      Register reg = operand.getReg();
      if (reg.isPhysical()) {
        if (operand.isDef() ? !operand.isDead()
                            : !info->isConstantPhysReg(reg) && !code->isIgnorableUse(operand) &&
                                  StringRef(registers->getName(reg)) != "RIP")
          return false;
        continue;
      }
      if (operand.isDef()) continue;
      MachineInstr *source = info->getUniqueVRegDef(reg);
      if (!source || !canClone(*source, level + 1)) return false;
    }
    return true;
  }

  unsigned depth(Register value, unsigned level = 0) const {
    MachineInstr *definition = level > MaxDepth ? nullptr : info->getUniqueVRegDef(value);
    if (!definition || definition->isPHI() || definition->isCall() || definition->mayStore()) return 0;
    unsigned deepest = 0;
    for (const MachineOperand &operand : definition->operands())
      if (operand.isReg() && !operand.isDef() && operand.getReg().isVirtual())
        deepest = std::max(deepest, 1 + depth(operand.getReg(), level + 1));
    return deepest;
  }

  Register cloneAt(const MachineInstr &definition, Register value, MachineBasicBlock &block,
                   MachineBasicBlock::iterator before) {
    std::map<Register, Register> sources;
    for (const MachineOperand &operand : definition.operands())
      if (operand.isReg() && operand.getReg().isVirtual() && !operand.isDef() && !sources.count(operand.getReg()))
        sources[operand.getReg()] = cloneAt(*info->getUniqueVRegDef(operand.getReg()), operand.getReg(), block, before);
    Register fresh = info->cloneVirtualRegister(value);
    MachineInstr *clone;
    if (definition.isCopy() || !code->isTriviallyReMaterializable(definition)) {
      clone = function->CloneMachineInstr(&definition);
      block.insert(before, clone);
    } else {
      code->reMaterialize(block, before, fresh, 0, definition, *registers);
      clone = &*std::prev(before);
    }
    for (MachineOperand &operand : clone->operands()) {
      if (!operand.isReg()) continue;
      if (operand.isDef() && operand.getReg() == value) operand.setReg(fresh);
      else if (!operand.isDef() && operand.getReg().isVirtual()) {
        operand.setReg(sources[operand.getReg()]);
        operand.setIsKill(false);
      }
    }
    clones.push_back(fresh);
    return fresh;
  }

  // The end of a call sequence: the frame's end and the copies of results follow the call.
  MachineBasicBlock::iterator afterCall(MachineInstr &call) const {
    MachineBasicBlock::iterator last = call.getIterator();
    for (auto next = std::next(last), end = call.getParent()->end(); next != end; ++next) {
      if (next->getOpcode() == unsigned(code->getCallFrameDestroyOpcode()) ||
          (next->isCopy() && next->getOperand(1).getReg().isPhysical()))
        last = next;
      else if (!next->isDebugInstr()) break;
    }
    return std::next(last);
  }

  std::pair<MachineBasicBlock *, unsigned> placeOf(const MachineOperand &use) const {
    MachineInstr *user = const_cast<MachineInstr *>(use.getParent());
    if (user->isPHI()) return {user->getOperand(user->getOperandNo(&use) + 1).getMBB(), BlockEnd};
    return {user->getParent(), position.lookup(user)};
  }

  // The marked calls between the definition and one use.
  SmallVector<MachineInstr *, 4> crossings(MachineInstr &definition, const MachineOperand &use) {
    SmallVector<MachineInstr *, 4> crossed;
    MachineBasicBlock *home = definition.getParent();
    unsigned definedAt = position.lookup(&definition);
    auto scan = [&](MachineBasicBlock *block, int64_t from, int64_t to) {
      auto found = callsIn.find(block);
      if (found == callsIn.end()) return;
      for (MachineInstr *call : found->second)
        if (int64_t at = position.lookup(call); at > from && at < to) crossed.push_back(call);
    };
    auto [block, at] = placeOf(use);
    if (block == home && at > definedAt) {
      scan(home, definedAt, at);
      return crossed;
    }
    scan(block, -1, at);
    SmallPtrSet<MachineBasicBlock *, 16> seen;
    SmallVector<MachineBasicBlock *, 16> work(block->predecessors());
    while (!work.empty()) {
      MachineBasicBlock *between = work.pop_back_val();
      if (!seen.insert(between).second) continue;
      if (between == home) scan(home, definedAt, BlockEnd);
      else {
        scan(between, -1, BlockEnd);
        work.append(between->pred_begin(), between->pred_end());
      }
    }
    return crossed;
  }

  bool liftOverCalls(Register value, MachineInstr &definition) {
    SmallVector<MachineOperand *, 8> uses;
    SmallSetVector<MachineInstr *, 8> calls;
    for (MachineOperand &use : info->use_nodbg_operands(value)) {
      auto crossed = crossings(definition, use);
      if (crossed.empty()) continue;
      uses.push_back(&use);
      calls.insert(crossed.begin(), crossed.end());
    }
    if (uses.empty() || !canClone(definition)) return false; // the verifier will name what remains
    uint64_t atCalls = 0, atUses = 0;
    for (MachineInstr *call : calls) atCalls += frequencies->getBlockFreq(call->getParent()).getFrequency();
    SmallPtrSet<MachineBasicBlock *, 8> useBlocks;
    for (MachineOperand *use : uses)
      if (MachineBasicBlock *block = use->getParent()->getParent(); useBlocks.insert(block).second)
        atUses += frequencies->getBlockFreq(block).getFrequency();
    if (definition.isImplicitDef()) undefineAtUses(value, definition, uses);
    else if (atCalls < atUses) redefineAfterCalls(value, definition, calls.getArrayRef());
    else cloneAtUses(value, definition, uses);
    for (MachineOperand &use : info->use_operands(value)) use.setIsKill(false);
    return true;
  }

  void undefineAtUses(Register value, MachineInstr &definition, ArrayRef<MachineOperand *> uses) {
    for (MachineOperand *use : uses) {
      auto [block, at] = placeOf(*use);
      auto before = at == BlockEnd ? block->getFirstTerminator() : use->getParent()->getIterator();
      use->setReg(cloneAt(definition, value, *block, before));
    }
  }

  void redefineAfterCalls(Register value, MachineInstr &definition, ArrayRef<MachineInstr *> calls) {
    MachineSSAUpdater updater(*function);
    updater.Initialize(value);
    std::map<MachineBasicBlock *, SmallVector<std::pair<unsigned, Register>, 2>> definitions;
    definitions[definition.getParent()].push_back({position.lookup(&definition), value});
    for (MachineInstr *call : calls)
      definitions[call->getParent()].push_back(
          {position.lookup(call), cloneAt(definition, value, *call->getParent(), afterCall(*call))});
    for (auto &[block, list] : definitions) {
      llvm::sort(list);
      updater.AddAvailableValue(block, list.back().second);
    }
    SmallVector<MachineOperand *, 8> uses;
    for (MachineOperand &use : info->use_operands(value)) uses.push_back(&use);
    for (MachineOperand *use : uses) {
      MachineInstr *user = use->getParent();
      if (!position.count(user)) continue; // part of a clone
      Register latest;
      if (auto found = definitions.find(user->getParent()); !user->isPHI() && found != definitions.end())
        for (auto &[at, reg] : found->second)
          if (at < position.lookup(user)) latest = reg;
      if (latest) use->setReg(latest);
      else updater.RewriteUse(*use);
    }
  }

  void cloneAtUses(Register value, MachineInstr &definition, ArrayRef<MachineOperand *> uses) {
    std::map<std::pair<MachineBasicBlock *, MachineInstr *>, Register> made;
    for (MachineOperand *use : uses) {
      auto [block, at] = placeOf(*use);
      MachineInstr *last = nullptr;
      for (MachineInstr *call : callsIn.lookup(block))
        if (position.lookup(call) < at) last = call;
      if (!last)
        for (MachineLoop *loop = loops->getLoopFor(block); loop; loop = loop->getParentLoop()) {
          MachineBasicBlock *preheader = loop->getLoopPreheader();
          bool hasCalls = llvm::any_of(loop->blocks(), [&](MachineBasicBlock *inner) { return !callsIn.lookup(inner).empty(); });
          if (hasCalls || !preheader || loop->contains(definition.getParent())) break;
          block = preheader;
          if (auto calls = callsIn.lookup(block); !calls.empty()) {
            last = calls.back();
            break;
          }
        }
      Register &fresh = made[{block, last}];
      if (!fresh)
        fresh = cloneAt(definition, value, *block, last ? afterCall(*last) : block->SkipPHIsLabelsAndDebug(block->begin()));
      use->setReg(fresh);
    }
  }

  void eraseUnused(SmallVector<Register, 16> &unused) {
    for (bool again = true; again;) {
      again = false;
      for (MachineBasicBlock &block : *function)
        for (MachineInstr &phi : make_early_inc_range(block.phis()))
          if (info->use_nodbg_empty(phi.getOperand(0).getReg())) {
            phi.eraseFromParent();
            again = true;
          }
    }
    while (!unused.empty()) {
      Register value = unused.pop_back_val();
      if (!info->use_empty(value)) continue;
      MachineInstr *definition = info->getUniqueVRegDef(value);
      if (!definition || definition->isPHI()) continue;
      for (const MachineOperand &operand : definition->operands())
        if (operand.isReg() && !operand.isDef() && operand.getReg().isVirtual()) unused.push_back(operand.getReg());
      definition->eraseFromParent();
    }
  }

  MachineFunction *function = nullptr;
  const TargetInstrInfo *code = nullptr;
  const TargetRegisterInfo *registers = nullptr;
  MachineRegisterInfo *info = nullptr;
  MachineLoopInfo *loops = nullptr;
  MachineBlockFrequencyInfo *frequencies = nullptr;
  DenseMap<const MachineInstr *, unsigned> position;
  DenseMap<MachineBasicBlock *, SmallVector<MachineInstr *, 2>> callsIn;
  SmallVector<Register, 16> clones;
};
char Rematerialise::ID;

} // namespace

MachineFunctionPass *createRematerialisePass(Emission &emission) { return new Rematerialise(emission); }

} // namespace hc
