// SPDX-License-Identifier: GPL-3.0-or-later
// Every function with registers in values has a second version, which can be entered at return sites; a part of it that lies apart
// is a function besides. These are half of a program: optimised like the rest, they would take as much of the time.
#include "Cold.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"

using namespace llvm;

namespace hc {

void simplifyCold(Output &output) {
  PassBuilder builder;
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  FunctionPassManager passes;
  passes.addPass(SROAPass(SROAOptions::ModifyCFG));
  passes.addPass(EarlyCSEPass(/*UseMemorySSA=*/true));
  passes.addPass(SimplifyCFGPass());
  passes.addPass(InstCombinePass());
  passes.addPass(SimplifyCFGPass());
  for (auto &[address, function] : output.program.functions) {
    if (!output.split.count(address) && output.program.isSeparate(address)) continue;
    llvm::Function *cold = output.resumable(function);
    passes.run(*cold, functions);
    functions.clear();
    cold->addFnAttr(Attribute::OptimizeNone);
    cold->addFnAttr(Attribute::NoInline);
  }
}

} // namespace hc
