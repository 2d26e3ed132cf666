// SPDX-License-Identifier: GPL-3.0-or-later
// Machine passes: they run inside LLVM's own code generator, between its passes.
//
// A marked call is one whose register mask is that of preserve_none; its id rides in the instruction's CFI type.
#pragma once
#include "Program.h"
#include "llvm/CodeGen/MachineFunctionPass.h"
#include "llvm/CodeGen/MachineInstr.h"

namespace llvm {
class AsmPrinter;
class AsmPrinterHandler;
} // namespace llvm

namespace hc {

// A return address of the code that was emitted.
struct EmittedSite {
  uint32_t id;
  llvm::MCSymbol *address;
  uint32_t nativeFrame; // bytes, return address included
  int32_t returnSlot;   // offset of the return address from the frame's end
};

// State of one emission.
struct Emission {
  Emission(Program &program, Isa isa) : program(program), isa(isa) {}
  Program &program;
  Isa isa;
  std::vector<EmittedSite> sites;

  static bool isMarked(const llvm::MachineInstr &instruction, const uint32_t *mask);
  static const uint32_t *mask(const llvm::MachineFunction &function);
  // Reports a broken invariant at a marked call.
  void violation(const llvm::MachineFunction &function, const llvm::MachineInstr *call, const llvm::Twine &what);
};

llvm::MachineFunctionPass *createTakeIdsPass(Emission &emission);
llvm::MachineFunctionPass *createRematerialisePass(Emission &emission);
llvm::MachineFunctionPass *createUndefinedPartsPass(); // aarch64
llvm::MachineFunctionPass *createVerifyAllocationPass(Emission &emission);
llvm::MachineFunctionPass *createRecordSitesPass(Emission &emission);
std::unique_ptr<llvm::AsmPrinterHandler> createSiteTableWriter(Emission &emission, llvm::AsmPrinter &printer);

} // namespace hc
