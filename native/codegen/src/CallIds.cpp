// SPDX-License-Identifier: GPL-3.0-or-later
// Carries call-site ids through the code generator and writes the call-site table.
#include "Machine.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/CodeGen/AsmPrinter.h"
#include "llvm/CodeGen/AsmPrinterHandler.h"
#include "llvm/CodeGen/LivePhysRegs.h"
#include "llvm/CodeGen/MachineFrameInfo.h"
#include "llvm/CodeGen/MachineRegisterInfo.h"
#include "llvm/CodeGen/TargetFrameLowering.h"
#include "llvm/CodeGen/TargetSubtargetInfo.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCSectionELF.h"
#include "llvm/MC/MCStreamer.h"

using namespace llvm;

namespace hc {

const uint32_t *Emission::mask(const MachineFunction &function) {
  return function.getSubtarget().getRegisterInfo()->getCallPreservedMask(function, CallingConv::PreserveNone);
}

bool Emission::isMarked(const MachineInstr &instruction, const uint32_t *mask) {
  if (!instruction.isCall() || instruction.isReturn()) return false;
  for (const MachineOperand &operand : instruction.operands())
    if (operand.isRegMask() && operand.getRegMask() == mask) return true;
  return false;
}

void Emission::violation(const MachineFunction &function, const MachineInstr *call, const Twine &what) {
  std::string where = function.getName().str();
  if (uint32_t id = call ? call->getCFIType() : 0; id && id <= program.sites.size()) {
    const CallSite &site = program.sites[id - 1];
    if (!site.file.empty()) where = site.file + ":" + std::to_string(site.line) + " (" + where + ")";
  }
  ++program.errors;
  errs() << where << ": error: " << isaName(isa) << " code keeps native state across a call: " << what
         << "; this is a defect of hc-codegen, please report it\n";
}

namespace {

// Right after instruction selection, before any pass may merge or move calls.
struct TakeIds : MachineFunctionPass {
  static char ID;
  Emission &emission;
  explicit TakeIds(Emission &emission) : MachineFunctionPass(ID), emission(emission) {}
  StringRef getPassName() const override { return "hc: take call-site ids"; }
  void getAnalysisUsage(AnalysisUsage &usage) const override {
    usage.setPreservesAll();
    MachineFunctionPass::getAnalysisUsage(usage);
  }
  bool runOnMachineFunction(MachineFunction &function) override {
    const uint32_t *mask = Emission::mask(function);
    bool changed = false;
    for (MachineBasicBlock &block : function)
      for (MachineInstr &instruction : block) {
        if (!Emission::isMarked(instruction, mask)) continue;
        uint32_t id = instruction.getDebugLoc() ? instruction.getDebugLoc().getLine() : 0;
        if (!id) emission.violation(function, nullptr, "a marked call has no id");
        instruction.setCFIType(function, id);
        changed = true;
      }
    return changed;
  }
};
char TakeIds::ID;

// After the last pass: checks physical registers once more, and gives each return address a label.
struct RecordSites : MachineFunctionPass {
  static char ID;
  Emission &emission;
  explicit RecordSites(Emission &emission) : MachineFunctionPass(ID), emission(emission) {}
  StringRef getPassName() const override { return "hc: record call sites"; }

  bool runOnMachineFunction(MachineFunction &function) override {
    const uint32_t *mask = Emission::mask(function);
    bool any = false;
    for (MachineBasicBlock &block : function)
      for (MachineInstr &instruction : block)
        if (Emission::isMarked(instruction, mask)) {
          record(function, instruction);
          any = true;
        }
    if (any) checkRegisters(function, mask);
    return any;
  }

  void record(MachineFunction &function, MachineInstr &call) {
    const MachineFrameInfo &frame = function.getFrameInfo();
    EmittedSite site{call.getCFIType(), function.getContext().createTempSymbol("hc_site", true), 0, -8};
    call.setPostInstrSymbol(function, site.address);
    if (emission.isa == Isa::X86_64) site.nativeFrame = frame.getStackSize() + 8; // StackSize excludes the return address
    else {
      site.nativeFrame = frame.getStackSize();
      site.returnSlot = 1;
      const TargetRegisterInfo &registers = *function.getSubtarget().getRegisterInfo();
      for (const CalleeSavedInfo &saved : frame.getCalleeSavedInfo())
        if (StringRef(registers.getName(saved.getReg())) == "LR") site.returnSlot = frame.getObjectOffset(saved.getFrameIdx());
      if (site.returnSlot >= 0) emission.violation(function, &call, "the link register is not saved");
    }
    if (frame.getMaxAlign() > function.getSubtarget().getFrameLowering()->getStackAlign())
      emission.violation(function, &call, "a realigned native stack");
    emission.sites.push_back(site);
  }

  void checkRegisters(MachineFunction &function, const uint32_t *mask) {
    const TargetRegisterInfo &registers = *function.getSubtarget().getRegisterInfo();
    const MachineRegisterInfo &info = function.getRegInfo();
    for (MachineBasicBlock &block : function) {
      LivePhysRegs live(registers);
      live.addLiveOutsNoPristines(block);
      for (MachineInstr &instruction : llvm::reverse(block)) {
        if (Emission::isMarked(instruction, mask))
          for (MCPhysReg reg : live) {
            StringRef name = registers.getName(reg);
            if (info.isReserved(reg) || info.isConstantPhysReg(reg) || name == "LR" || name == "W30") continue;
            bool defined = llvm::any_of(instruction.operands(), [&](const MachineOperand &operand) {
              return operand.isReg() && operand.isDef() && registers.regsOverlap(operand.getReg(), reg);
            });
            if (!defined) emission.violation(function, &instruction, "register " + name);
          }
        live.stepBackward(instruction);
      }
    }
  }
};
char RecordSites::ID;

// struct hc_site of abi.h.
struct SiteTableWriter : AsmPrinterHandler {
  Emission &emission;
  AsmPrinter &printer;
  SiteTableWriter(Emission &emission, AsmPrinter &printer) : emission(emission), printer(printer) {}
  void beginFunction(const MachineFunction *) override {}
  void endFunction(const MachineFunction *) override {}
  void endModule() override {
    MCStreamer &out = *printer.OutStreamer;
    out.switchSection(printer.OutContext.getELFSection(section::Sites, ELF::SHT_PROGBITS, ELF::SHF_ALLOC));
    out.emitSymbolValue(printer.OutContext.getOrCreateSymbol(symbol::EntryReturn), 8);
    for (int i = 0; i < 4; ++i) out.emitInt32(0); // id 0: the outermost frame's return into the entry stub
    for (const EmittedSite &site : emission.sites) {
      const CallSite &source = emission.program.sites[site.id - 1];
      out.emitSymbolValue(site.address, 8);
      out.emitInt32(site.id);
      out.emitInt32(site.nativeFrame);
      out.emitInt32(site.returnSlot);
      out.emitInt32(source.dataFrame << 1 | source.dynamic);
    }
  }
};

} // namespace

MachineFunctionPass *createTakeIdsPass(Emission &emission) { return new TakeIds(emission); }
MachineFunctionPass *createRecordSitesPass(Emission &emission) { return new RecordSites(emission); }
std::unique_ptr<AsmPrinterHandler> createSiteTableWriter(Emission &emission, AsmPrinter &printer) {
  return std::make_unique<SiteTableWriter>(emission, printer);
}

} // namespace hc
