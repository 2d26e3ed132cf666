// SPDX-License-Identifier: GPL-3.0-or-later
// hc-lift: the native part of the tool of that name. An executable in, bitcode out.
#include "Cold.h"
#include "StateEmitter.h"
#include "RegisterEmitter.h"
#include "Tables.h"
#include "Report.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/Verifier.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/SourceMgr.h"

using namespace llvm;

namespace {

cl::opt<std::string> Input(cl::Positional, cl::Required, cl::desc("executable"));
cl::opt<std::string> Out("out", cl::Required, cl::desc("bitcode to write"));
cl::opt<std::string> Runtime("runtime", cl::Required, cl::desc("folder with the runtime's lift-ISA.bc"));
cl::opt<std::string> ReportFile("report", cl::desc("report to write, as JSON"));
enum ModeName { Registers, State };
cl::opt<ModeName> Mode("mode", cl::init(Registers), cl::desc("how functions pass registers"),
                       cl::values(clEnumValN(Registers, "registers", "in values where that is proven right"),
                                  clEnumValN(State, "state", "in the runtime's struct, always")));
cl::opt<bool> Ordered("ordered", cl::desc("keep the memory order, also when nothing is seen that makes threads"));
cl::list<std::string> Entries("entry", cl::desc("address of code that is not found otherwise"));

int fail(const Twine &what) {
  errs() << "hc-lift: " << what << "\n";
  return 1;
}

// What hc-cc compiles for: the canonical ABI.
constexpr const char *CanonicalTriple = "x86_64-unknown-linux-musl";
constexpr const char *CanonicalLayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128";

} // namespace

int main(int argc, char **argv) {
  InitLLVM init(argc, argv);
  cl::ParseCommandLineOptions(argc, argv, "hc-lift: from an executable to bitcode\n");
  std::vector<uint64_t> more;
  for (const std::string &text : Entries) {
    uint64_t address;
    if (StringRef(text).getAsInteger(0, address)) return fail("--entry " + text + ": not an address"), 2;
    more.push_back(address);
  }
  std::string problem;
  auto executable = hc::readExecutable(Input, problem);
  if (!executable) return fail(Input + ": " + problem);
  for (uint64_t address : more)
    if (!executable->isCode(address)) return fail("--entry 0x" + utohexstr(address, true) + " is no code of " + Input);
  if (Ordered && executable->guest == hc::Guest::AArch64) return fail(Input + ": aarch64 executables with threads can't be lifted yet");
  hc::vex::initialise(executable->guest);
  hc::Program program(*executable);
  program.discover(more);

  LLVMContext context;
  Module module("lifted", context);
  module.setTargetTriple(CanonicalTriple);
  module.setDataLayout(CanonicalLayout);
  hc::Output output(module, program);
  output.ordered = Ordered || program.makesThreads();
  hc::Analysis analysis;
  if (Mode == Registers && !output.isa.registersInStruct) hc::emitInRegisters(output, analysis);
  // Emission can still find functions, but only by decoding what nobody knew of.
  for (auto &[address, function] : program.functions) hc::StateEmitter(output, function).emit();
  if (Mode == Registers && !output.isa.registersInStruct) hc::simplifyCold(output);
  hc::addMemory(output);
  hc::addCodeTable(output, analysis);

  SMDiagnostic diagnostic;
  const std::string runtimeFile = Runtime + "/lift-" + output.isa.name + ".bc";
  std::unique_ptr<Module> runtime = parseIRFile(runtimeFile, diagnostic, context);
  if (!runtime) return fail(runtimeFile + ": " + diagnostic.getMessage());
  if (verifyModule(module, &errs())) return fail("the lifted module is broken; this is a defect of hc-lift, please report it");
  if (Linker::linkModules(module, std::move(runtime))) return fail("can't link with " + runtimeFile);
  std::error_code failure;
  raw_fd_ostream file(Out, failure, sys::fs::OF_None);
  if (failure) return fail("can't write " + Out + ": " + failure.message());
  WriteBitcodeToFile(module, file);
  file.close();
  if (file.has_error()) {
    file.clear_error();
    return fail("can't write " + Out);
  }
  if (!ReportFile.empty() && !hc::writeReport(output, ReportFile)) return fail("can't write " + ReportFile);
  return 0;
}
