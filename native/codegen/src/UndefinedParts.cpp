// SPDX-License-Identifier: GPL-3.0-or-later
// Right after register allocation, aarch64: of a register tuple only a part may be a value. That the rest is none is a note on the
// instruction that defines the part (an implicit definition of the tuple), which later passes drop: two loads become one. An
// IMPLICIT_DEF of the rest, which emits nothing, stays, so that the last check (RecordSites) sees no value from further above.
#include "Machine.h"
#include "llvm/CodeGen/MachineInstrBuilder.h"
#include "llvm/CodeGen/TargetInstrInfo.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"

using namespace llvm;

namespace hc {
namespace {

struct UndefinedParts : MachineFunctionPass {
  static char ID;
  UndefinedParts() : MachineFunctionPass(ID) {}
  StringRef getPassName() const override { return "hc: mark undefined parts of register tuples"; }
  void getAnalysisUsage(AnalysisUsage &usage) const override {
    usage.setPreservesCFG();
    MachineFunctionPass::getAnalysisUsage(usage);
  }

  bool runOnMachineFunction(MachineFunction &function) override {
    registers = function.getSubtarget().getRegisterInfo();
    const MCInstrDesc &undefined = function.getSubtarget().getInstrInfo()->get(TargetOpcode::IMPLICIT_DEF);
    bool changed = false;
    for (MachineBasicBlock &block : function)
      for (MachineInstr &instruction : make_early_inc_range(block))
        for (MCPhysReg part : undefinedAfter(instruction)) {
          BuildMI(block, std::next(instruction.getIterator()), instruction.getDebugLoc(), undefined, part);
          changed = true;
        }
    return changed;
  }

private:
  // Of the tuples that the instruction defines by a note, the registers that it neither computes nor keeps.
  SmallVector<MCPhysReg, 3> undefinedAfter(const MachineInstr &instruction) const {
    SmallVector<MCPhysReg, 3> parts;
    for (const MachineOperand &note : instruction.implicit_operands()) {
      if (!note.isReg() || !note.isDef() || !isTuple(note.getReg()) || instruction.readsRegister(note.getReg(), registers)) continue;
      for (MCPhysReg part : registers->subregs(note.getReg()))
        if (isWhole(part, note.getReg()) && !definesPart(instruction, part)) parts.push_back(part);
    }
    return parts;
  }

  bool isTuple(MCPhysReg reg) const { return StringRef(registers->getName(reg)).contains('_'); }

  // One of the registers that a tuple is made of, not a part of one, nor a smaller tuple.
  bool isWhole(MCPhysReg part, MCPhysReg tuple) const {
    if (isTuple(part)) return false;
    return none_of(registers->superregs(part), [&](MCPhysReg other) { return !isTuple(other) && registers->isSubRegister(tuple, other); });
  }

  bool definesPart(const MachineInstr &instruction, MCPhysReg part) const {
    return any_of(instruction.operands(), [&](const MachineOperand &operand) {
      return operand.isReg() && operand.isDef() && !(operand.isImplicit() && isTuple(operand.getReg())) && operand.getReg() &&
             registers->regsOverlap(operand.getReg(), part);
    });
  }

  const TargetRegisterInfo *registers = nullptr;
};
char UndefinedParts::ID;

} // namespace

MachineFunctionPass *createUndefinedPartsPass() { return new UndefinedParts; }

} // namespace hc
