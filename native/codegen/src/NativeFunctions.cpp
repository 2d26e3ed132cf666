// SPDX-License-Identifier: GPL-3.0-or-later
// Decides which functions keep the C calling convention and never hold a migration point.
#include "Program.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/RuntimeLibcalls.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace hc {
namespace {

// Their loops are bounded by the length of one object: a poll per element would cost more than it gives.
constexpr const char *BoundedFunctions[] = {
    "memccpy", "memchr",  "memrchr", "mempcpy", "memmem",  "stpcpy",  "stpncpy",     "strcat",   "strchr",  "strchrnul",
    "strcmp",  "strcpy",  "strcspn", "strlcat", "strlcpy", "strlen",  "strncat",     "strncmp",  "strncpy", "strnlen",
    "strpbrk", "strrchr", "strspn",  "strstr",  "bcopy",   "bzero",   "__stpcpy",    "__stpncpy", "__strchrnul", "__memrchr",
    "explicit_bzero",     "wcslen",  "wcscmp",  "wcscpy",  "wmemcpy", "wmemset",     "wmemmove", "swab",    "strcasecmp", "strncasecmp",
};

// Only the optimiser makes calls of these, which come as any other; what is called from here may wait for a lock.
bool isNeverEmitted(StringRef libcall) { return libcall == "calloc"; }

void mark(Module &module, StringRef name) {
  if (Function *function = module.getFunction(name)) function->addFnAttr(NativeAttribute);
}

// __attribute__((annotate("hc.native"))) in the runtime's source.
void readAnnotations(Module &module) {
  GlobalVariable *list = module.getNamedGlobal("llvm.global.annotations");
  if (!list) return;
  for (Value *element : cast<ConstantArray>(list->getInitializer())->operands()) {
    auto *entry = cast<ConstantStruct>(element);
    auto *function = dyn_cast<Function>(entry->getOperand(0)->stripPointerCasts());
    auto *text = dyn_cast<GlobalVariable>(entry->getOperand(1)->stripPointerCasts());
    if (!function || !text) continue;
    auto *data = dyn_cast<ConstantDataArray>(text->getInitializer());
    if (data && data->isCString() && data->getAsCString() == "hc.native") function->addFnAttr(NativeAttribute);
  }
  list->eraseFromParent();
}

} // namespace

void markNativeFunctions(Program &program) {
  Module &module = program.module;
  readAnnotations(module);
  // The code generator may turn an intrinsic or an operation into a call of these, by the C convention.
  for (StringRef triple : {isaTriple(Isa::X86_64), isaTriple(Isa::AArch64)}) {
    RTLIB::RuntimeLibcallsInfo libcalls((Triple(triple)));
    for (const char *name : libcalls.getLibcallNames())
      if (name && !isNeverEmitted(name)) mark(module, name);
  }
  for (const char *name : BoundedFunctions) mark(module, name);

  // What a native function calls is native, too.
  std::vector<Function *> work;
  for (Function &function : module)
    if (!function.isDeclaration() && function.hasFnAttribute(NativeAttribute)) work.push_back(&function);
  while (!work.empty()) {
    Function *function = work.back();
    work.pop_back();
    for (Instruction &instruction : instructions(*function)) {
      auto *call = dyn_cast<CallBase>(&instruction);
      if (!call || isa<IntrinsicInst>(call) || call->isInlineAsm()) continue;
      Function *callee = call->getCalledFunction();
      if (!callee) {
        program.error(*call, "a native function calls through a pointer", "use __hc_call_portable in the runtime");
        continue;
      }
      if (callee->isDeclaration() || callee->hasFnAttribute(NativeAttribute)) continue;
      callee->addFnAttr(NativeAttribute);
      work.push_back(callee);
    }
  }
}

} // namespace hc
