// SPDX-License-Identifier: GPL-3.0-or-later
// Right after register allocation: no register and no native stack slot is live across a marked call.
// (Not later: slot colouring shares slots between values, which hides what is live.)
#include "Machine.h"
#include "llvm/CodeGen/LivePhysRegs.h"
#include "llvm/CodeGen/MachineFrameInfo.h"
#include "llvm/CodeGen/MachineMemOperand.h"
#include "llvm/CodeGen/MachineRegisterInfo.h"
#include "llvm/CodeGen/PseudoSourceValue.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"

using namespace llvm;

namespace hc {
namespace {

struct VerifyAllocation : MachineFunctionPass {
  static char ID;
  Emission &emission;
  explicit VerifyAllocation(Emission &emission) : MachineFunctionPass(ID), emission(emission) {}
  StringRef getPassName() const override { return "hc: verify register allocation"; }
  void getAnalysisUsage(AnalysisUsage &usage) const override {
    usage.setPreservesAll();
    MachineFunctionPass::getAnalysisUsage(usage);
  }

  bool runOnMachineFunction(MachineFunction &function) override {
    mask = Emission::mask(function);
    registers = function.getSubtarget().getRegisterInfo();
    code = function.getSubtarget().getInstrInfo();
    bool any = false;
    for (MachineBasicBlock &block : function)
      for (MachineInstr &instruction : block) any |= Emission::isMarked(instruction, mask);
    if (!any) return false;
    checkFrame(function);
    checkStackArguments(function);
    checkRegisters(function);
    checkSlots(function);
    return false;
  }

private:
  void checkFrame(MachineFunction &function) {
    const MachineFrameInfo &frame = function.getFrameInfo();
    if (frame.hasVarSizedObjects()) emission.violation(function, nullptr, "a native object of variable size");
    if (frame.hasStackProtectorIndex()) emission.violation(function, nullptr, "a stack protector");
  }

  void checkStackArguments(MachineFunction &function) {
    for (MachineBasicBlock &block : function) {
      int64_t bytes = 0;
      for (MachineInstr &instruction : block) {
        if (instruction.getOpcode() == code->getCallFrameSetupOpcode()) bytes = instruction.getOperand(0).getImm();
        else if (instruction.getOpcode() == code->getCallFrameDestroyOpcode()) bytes = 0;
        else if (bytes && Emission::isMarked(instruction, mask))
          emission.violation(function, &instruction, Twine(bytes) + " bytes of arguments on the native stack");
      }
    }
  }

  void checkRegisters(MachineFunction &function) {
    const MachineRegisterInfo &info = function.getRegInfo();
    for (MachineBasicBlock &block : function) {
      LivePhysRegs live(*registers);
      live.addLiveOutsNoPristines(block);
      for (MachineInstr &instruction : llvm::reverse(block)) {
        if (Emission::isMarked(instruction, mask))
          for (MCPhysReg reg : live) {
            if (info.isReserved(reg) || info.isConstantPhysReg(reg) || instruction.definesRegister(reg, registers)) continue;
            // Halves of a register tuple of which another half is defined here are not values of their own.
            bool partOfLive = llvm::any_of(live, [&](MCPhysReg other) {
              return other != reg && registers->isSuperRegister(reg, other);
            });
            bool overlapsDefined = llvm::any_of(instruction.operands(), [&](const MachineOperand &operand) {
              return operand.isReg() && operand.isDef() && registers->regsOverlap(operand.getReg(), reg);
            });
            if (!partOfLive && !overlapsDefined)
              emission.violation(function, &instruction, Twine("register ") + registers->getName(reg));
          }
        live.stepBackward(instruction);
      }
    }
  }

  // Does the instruction overwrite the whole of a stack object?
  bool storesWhole(const MachineInstr &instruction, int slot, const MachineFrameInfo &frame) {
    int stored;
    if (code->isStoreToStackSlot(instruction, stored) && stored == slot) return true;
    if (!instruction.mayStore() || instruction.mayLoad()) return false;
    for (const MachineMemOperand *access : instruction.memoperands()) {
      auto *fixed = dyn_cast_or_null<FixedStackPseudoSourceValue>(access->getPseudoValue());
      if (fixed && fixed->getFrameIndex() == slot && access->isStore() && access->getSize().hasValue() &&
          int64_t(access->getSize().getValue()) == frame.getObjectSize(slot))
        return true;
    }
    return false;
  }

  void checkSlots(MachineFunction &function) {
    const MachineFrameInfo &frame = function.getFrameInfo();
    int first = frame.getObjectIndexBegin();
    unsigned count = frame.getObjectIndexEnd() - first;
    if (!count) return;
    BitVector addressTaken(count);
    auto step = [&](MachineInstr &instruction, BitVector &live, bool report) {
      if (report && Emission::isMarked(instruction, mask))
        for (unsigned slot : live.set_bits())
          emission.violation(function, &instruction,
                             Twine(frame.isSpillSlotObjectIndex(first + int(slot)) ? "spill slot " : "stack object ") + Twine(slot));
      for (MachineOperand &operand : instruction.operands()) {
        if (!operand.isFI()) continue;
        unsigned slot = operand.getIndex() - first;
        if (storesWhole(instruction, operand.getIndex(), frame)) live.reset(slot);
        else {
          live.set(slot);
          if (!instruction.mayLoad() && !instruction.mayStore()) addressTaken.set(slot);
        }
      }
    };
    std::vector<BitVector> in(function.getNumBlockIDs(), BitVector(count));
    auto walk = [&](MachineBasicBlock &block, bool report) {
      BitVector live(count);
      for (MachineBasicBlock *successor : block.successors()) live |= in[successor->getNumber()];
      for (MachineInstr &instruction : llvm::reverse(block)) step(instruction, live, report);
      return live;
    };
    for (bool changed = true; changed;) {
      changed = false;
      for (MachineBasicBlock &block : llvm::reverse(function)) {
        BitVector live = walk(block, false);
        if (live != in[block.getNumber()]) {
          in[block.getNumber()] = live;
          changed = true;
        }
      }
    }
    for (MachineBasicBlock &block : function) walk(block, true);
    for (unsigned slot : addressTaken.set_bits())
      if (!frame.isSpillSlotObjectIndex(first + int(slot)) && !frame.isFixedObjectIndex(first + int(slot)))
        emission.violation(function, nullptr, "the address of native stack object " + Twine(slot) + " is taken");
  }

  const uint32_t *mask = nullptr;
  const TargetRegisterInfo *registers = nullptr;
  const TargetInstrInfo *code = nullptr;
};
char VerifyAllocation::ID;

} // namespace

MachineFunctionPass *createVerifyAllocationPass(Emission &emission) { return new VerifyAllocation(emission); }

} // namespace hc
