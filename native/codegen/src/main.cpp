// SPDX-License-Identifier: GPL-3.0-or-later
// hc-codegen: the native part of hc-compile. Subcommands: compile, plan, finish.
#include "Commands.h"
#include "llvm/InitializePasses.h"
#include "llvm/PassRegistry.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/TargetSelect.h"

using namespace llvm;
using namespace hc;

namespace {

cl::SubCommand Compile("compile", "one object per ISA from a whole-program module");
cl::SubCommand Plan("plan", "linker scripts that give both ISAs the same addresses");
cl::SubCommand Finish("finish", "check the linked executables, sort their call sites, make them equally long");

cl::opt<std::string> Input(cl::Positional, cl::Required, cl::desc("module.bc"), cl::sub(Compile));
cl::list<Isa> Isas("isa", cl::desc("ISA to generate code for; both by default"), cl::sub(Compile),
                   cl::values(clEnumValN(Isa::X86_64, "x86-64", ""), clEnumValN(Isa::AArch64, "aarch64", "")));
cl::opt<Points> PointPolicy("points", cl::init(Points::Loops), cl::desc("where threads may be asked to park"), cl::sub(Compile),
                            cl::values(clEnumValN(Points::Loops, "loops", "all loops and recursive entries"),
                                       clEnumValN(Points::Outer, "outer", "outermost loops and recursive entries"),
                                       clEnumValN(Points::Syscalls, "syscalls", "blocking system calls only")));
cl::opt<std::string> DumpIr("dump-ir", cl::desc("write the rewritten module as text"), cl::sub(Compile));
cl::opt<std::string> Out("out", cl::init("."), cl::desc("directory for results"), cl::sub(Compile), cl::sub(Plan));
cl::list<std::string> ObjectsX86("x86-64", cl::CommaSeparated, cl::desc("x86-64 files"), cl::sub(Plan), cl::sub(Finish));
cl::list<std::string> ObjectsArm("aarch64", cl::CommaSeparated, cl::desc("aarch64 files"), cl::sub(Plan), cl::sub(Finish));
cl::opt<std::string> Sites("sites", cl::desc("write the call sites of both ISAs here"), cl::sub(Finish));

void initializeCodeGeneration() {
  InitializeAllTargets();
  InitializeAllTargetMCs();
  InitializeAllAsmPrinters();
  InitializeAllAsmParsers();
  PassRegistry &registry = *PassRegistry::getPassRegistry();
  initializeCore(registry);
  initializeCodeGen(registry);
  initializeLoopStrengthReducePass(registry);
  initializeLowerIntrinsicsPass(registry);
  initializeUnreachableBlockElimLegacyPassPass(registry);
  initializeScalarOpts(registry);
  initializeTransformUtils(registry);
  initializeAnalysis(registry);
  // Machine LICM after register allocation moves values into RBP, the one register calls preserve.
  auto &registered = cl::getRegisteredOptions();
  if (auto option = registered.find("disable-postra-machine-licm"); option != registered.end())
    static_cast<cl::opt<bool> *>(option->second)->setValue(true);
}

} // namespace

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "hc-codegen: portable frames and code for both ISAs\n");
  if (Compile) {
    initializeCodeGeneration();
    CompileOptions options;
    options.input = Input;
    options.out = Out;
    options.dumpIr = DumpIr;
    options.points = PointPolicy;
    options.isas.assign(Isas.begin(), Isas.end());
    if (options.isas.empty()) options.isas = {Isa::X86_64, Isa::AArch64};
    return compile(options);
  }
  if (Plan) {
    ObjectLists objects;
    if (!ObjectsX86.empty()) objects[Isa::X86_64].assign(ObjectsX86.begin(), ObjectsX86.end());
    if (!ObjectsArm.empty()) objects[Isa::AArch64].assign(ObjectsArm.begin(), ObjectsArm.end());
    return plan(objects, Out);
  }
  if (Finish) {
    std::map<Isa, std::string> executables;
    if (!ObjectsX86.empty()) executables[Isa::X86_64] = ObjectsX86.front();
    if (!ObjectsArm.empty()) executables[Isa::AArch64] = ObjectsArm.front();
    return finish(executables, Sites);
  }
  cl::PrintHelpMessage();
  return 2;
}
