// SPDX-License-Identifier: GPL-3.0-or-later
// hc-codegen compile: one whole-program module in, one object per ISA out.
#include "Commands.h"
#include "Program.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Verifier.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/SourceMgr.h"
#include <map>
#include <sys/wait.h>
#include <unistd.h>

using namespace llvm;

namespace hc {

void Program::error(const DebugLoc &loc, const Function *function, const Twine &what, const Twine &wayOut) {
  ++errors;
  if (loc) errs() << loc->getFilename() << ":" << loc.getLine() << ": ";
  errs() << "error: " << what;
  if (function) errs() << " in function '" << function->getName() << "'";
  errs() << "; " << wayOut << "\n";
}

bool writeNames(const Program &program, const std::string &path) {
  std::error_code failure;
  raw_fd_ostream file(path, failure, sys::fs::OF_None);
  if (failure) {
    errs() << "hc-codegen: can't write " << path << ": " << failure.message() << "\n";
    return false;
  }
  std::map<std::string, int> index;
  json::Array functions, sites;
  sites.push_back(json::Array{-1, "", 0});
  for (const CallSite &site : program.sites) {
    auto [entry, added] = index.try_emplace(site.function, functions.size());
    if (added) functions.push_back(site.function);
    sites.push_back(json::Array{entry->second, site.file, site.line});
  }
  file << json::Value(json::Object{{"functions", std::move(functions)}, {"sites", std::move(sites)}}) << "\n";
  return true;
}

namespace {

// Each ISA in a process of its own: LLVM contexts aren't shared, and two cores are used.
bool emitAll(Program &program, ArrayRef<Isa> isas, const std::string &directory) {
  auto path = [&](Isa isa) { return directory + "/" + isaName(isa).str() + ".o"; };
  SmallVector<pid_t, 2> children;
  for (Isa isa : isas.drop_front()) {
    pid_t child = fork();
    if (child == 0) _exit(emitObject(program, isa, path(isa)) ? 0 : 1);
    if (child < 0) {
      errs() << "hc-codegen: can't start a process for " << isaName(isa) << "\n";
      return false;
    }
    children.push_back(child);
  }
  bool good = emitObject(program, isas.front(), path(isas.front()));
  for (pid_t child : children) {
    int status = 0;
    if (waitpid(child, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
      if (!WIFEXITED(status)) errs() << "hc-codegen: code generation crashed\n";
      good = false;
    }
  }
  return good;
}

} // namespace

int compile(const CompileOptions &options) {
  LLVMContext context;
  SMDiagnostic diagnostic;
  std::unique_ptr<Module> module = parseIRFile(options.input, diagnostic, context);
  if (!module) {
    diagnostic.print("hc-codegen", errs());
    return 1;
  }
  if (std::error_code failure = sys::fs::create_directories(options.out)) {
    errs() << "hc-codegen: can't make " << options.out << ": " << failure.message() << "\n";
    return 1;
  }
  Program program(*module);
  legalize(program);
  markNativeFunctions(program);
  if (!program.errors) placePoints(program, options.points);
  if (!program.errors) makePortable(program);
  if (!program.errors) layoutGlobals(program);
  if (program.errors) return 1;
  if (verifyModule(*module, &errs())) {
    errs() << "hc-codegen: the rewritten module is broken; this is a defect of hc-codegen, please report it\n";
    return 1;
  }
  if (!options.dumpIr.empty()) {
    std::error_code failure;
    raw_fd_ostream file(options.dumpIr, failure, sys::fs::OF_None);
    module->print(file, nullptr);
  }
  if (!emitAll(program, options.isas, options.out)) return 1;
  return writeNames(program, options.out + "/names.json") ? 0 : 1;
}

} // namespace hc
