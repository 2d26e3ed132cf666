// SPDX-License-Identifier: GPL-3.0-or-later
// One address for every global on both ISAs: each gets one of the program's own sections, whose contents are laid out
// in module order with explicit alignments. Constants the code generator makes stay in sections of the ISA.
#include "Program.h"
#include "llvm/IR/Constants.h"

using namespace llvm;

namespace hc {

void layoutGlobals(Program &program) {
  Module &module = program.module;
  const DataLayout &layout = module.getDataLayout();
  for (GlobalVariable &global : module.globals()) {
    if (global.getName().starts_with("llvm.")) continue;
    global.setDSOLocal(true); // a static executable: no table of addresses
    if (global.isDeclaration()) continue;
    global.setAlignment(std::max(global.getAlign().valueOrOne(), layout.getPreferredAlign(&global)));
    global.setComdat(nullptr);
    global.setPartition("");
    if (global.getName() == symbol::Control) {
      global.setSection(section::Control);
      continue;
    }
    if (global.hasSection()) continue; // the program's own; it goes with the data
    if (global.hasCommonLinkage()) global.setLinkage(GlobalValue::ExternalLinkage);
    if (global.hasPrivateLinkage()) global.setLinkage(GlobalValue::InternalLinkage); // keeps a name for the link check
    bool zero = global.getInitializer()->isNullValue() || isa<UndefValue>(global.getInitializer());
    if (isa<UndefValue>(global.getInitializer()))
      global.setInitializer(Constant::getNullValue(global.getValueType()));
    global.setSection(global.isConstant() ? section::ReadOnly : zero ? section::Bss : section::Data);
  }
  for (Function &function : module) {
    if (!function.isIntrinsic()) function.setDSOLocal(true);
    if (function.isDeclaration()) continue;
    function.setComdat(nullptr);
    function.setSection("");
    if (function.hasAddressTaken(nullptr, false, true, true))
      function.setSection((section::FixedText + function.getName()).str());
  }
}

} // namespace hc
