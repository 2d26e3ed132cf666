// SPDX-License-Identifier: GPL-3.0-or-later
// Which functions are portable.
#include "Portable.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace hc {
namespace {

bool isRuntimePortable(StringRef name) {
  return name == symbol::Park || name == symbol::Setjmp || name == symbol::Longjmp;
}

bool isSetjmpName(StringRef name) {
  return name == "setjmp" || name == "_setjmp" || name == "sigsetjmp" || name == "__sigsetjmp";
}

bool isNative(const Function &function) {
  return function.isDeclaration() || function.hasFnAttribute(NativeAttribute);
}

// The runtime's own entry points are addresses for the kernel, not function pointers of the program.
bool isKernelEntry(const Function &function) {
  return function.isDeclaration() && (function.getName().starts_with("hc_") || function.getName().starts_with("__hc_"));
}

bool isAddressUse(const Use &use) {
  auto *call = dyn_cast<CallBase>(use.getUser());
  if (call && call->isCallee(&use)) return false;
  if (auto *global = dyn_cast<GlobalVariable>(use.getUser())) return !global->getName().starts_with("llvm.");
  return true;
}

// Constants other than globals are looked through: is any address use left that is no llvm.used entry?
bool hasAddressUse(const Value &value) {
  for (const Use &use : value.uses()) {
    if (isa<BlockAddress>(use.getUser())) continue;
    if (isa<Constant>(use.getUser()) && !isa<GlobalValue>(use.getUser())) {
      if (hasAddressUse(*use.getUser())) return true;
    } else if (isAddressUse(use)) return true;
  }
  return false;
}

bool hasDirectCalls(const Function &function) {
  for (const Use &use : function.uses())
    if (auto *call = dyn_cast<CallBase>(use.getUser()); call && call->isCallee(&use)) return true;
  return false;
}

// A portable function that calls the native one: what a pointer to the native one points to.
Function *makeThunk(Function &native) {
  Module &module = *native.getParent();
  Function *thunk = Function::Create(native.getFunctionType(), GlobalValue::InternalLinkage,
                                     native.getName() + ".portable", module);
  IRBuilder<> builder(BasicBlock::Create(module.getContext(), "", thunk));
  SmallVector<Value *, 8> arguments;
  for (Argument &argument : thunk->args()) arguments.push_back(&argument);
  CallInst *call = builder.CreateCall(&native, arguments);
  call->setAttributes(native.getAttributes());
  call->setCallingConv(native.getCallingConv());
  if (call->getType()->isVoidTy()) builder.CreateRetVoid();
  else builder.CreateRet(call);
  return thunk;
}

void replaceAddressUses(Function &native, Function &portable) {
  native.replaceUsesWithIf(&portable, [](Use &use) { return isAddressUse(use); });
}

} // namespace

bool CallClassifier::isPark(const CallInst &call) {
  const Function *callee = call.getCalledFunction();
  return callee && callee->getName() == symbol::Park;
}

bool CallClassifier::isSetjmp(const CallInst &call) {
  const Function *callee = call.getCalledFunction();
  return callee && callee->isDeclaration() && isSetjmpName(callee->getName());
}

bool CallClassifier::isMarked(const CallInst &call) const {
  if (call.isInlineAsm() || isa<IntrinsicInst>(call)) return false;
  const Function *callee = call.getCalledFunction();
  if (!callee) return true;
  return isRuntimePortable(callee->getName()) || isSetjmp(call) || portable.count(const_cast<Function *>(callee));
}

std::vector<CallInst *> CallClassifier::markedCalls(Function &function) const {
  std::vector<CallInst *> marked;
  for (Instruction &instruction : instructions(function))
    if (auto *call = dyn_cast<CallInst>(&instruction); call && isMarked(*call)) marked.push_back(call);
  return marked;
}

FunctionSet selectPortable(Program &program) {
  Module &module = program.module;
  FunctionSet mayMigrate;
  std::vector<Function *> work;
  auto add = [&](Function &function) {
    if (!isNative(function) && mayMigrate.insert(&function)) work.push_back(&function);
  };
  // Seeds: a point, a call through a pointer, setjmp, or a variable argument list (its layout is x86-64's, so that
  // it may not go through a native calling convention).
  for (Function &function : module) {
    if (isNative(function)) continue;
    if (function.isVarArg() || function.getName() == symbol::Main) add(function);
    for (Instruction &instruction : instructions(function)) {
      auto *call = dyn_cast<CallInst>(&instruction);
      if (!call || call->isInlineAsm() || isa<IntrinsicInst>(call)) continue;
      Function *callee = call->getCalledFunction();
      if (!callee || isRuntimePortable(callee->getName()) || CallClassifier::isSetjmp(*call)) add(function);
    }
  }
  while (!work.empty()) {
    Function *function = work.back();
    work.pop_back();
    for (User *user : function->users())
      if (auto *call = dyn_cast<CallBase>(user); call && call->getCalledOperand() == function) {
        Function &caller = *call->getFunction();
        if (caller.hasFnAttribute(NativeAttribute))
          program.error(*call, "a native function calls '" + function->getName() + "', which can reach a migration point",
                        "call it through __hc_call_portable");
        else add(caller);
      }
  }
  FunctionSet portable = mayMigrate;
  std::vector<Function *> addressTaken;
  for (Function &function : module)
    if (!mayMigrate.count(&function) && !function.isIntrinsic() && !isRuntimePortable(function.getName()) &&
        !isKernelEntry(function) && hasAddressUse(function))
      addressTaken.push_back(&function);
  for (Function *function : addressTaken) {
    if (isNative(*function)) {
      if (function->isVarArg()) {
        program.error(DebugLoc(), function, "the address of a variadic native function", "call it directly");
        continue;
      }
      if (function->isDeclaration() && function->hasExternalWeakLinkage()) continue; // null, for all the link knows
      Function *thunk = makeThunk(*function);
      function->replaceUsesWithIf(thunk, [&](Use &use) {
        auto *instruction = dyn_cast<Instruction>(use.getUser());
        return isAddressUse(use) && !(instruction && instruction->getFunction() == thunk);
      });
      portable.insert(thunk);
    } else if (!hasDirectCalls(*function)) {
      portable.insert(function);
    } else {
      ValueToValueMapTy map;
      Function *twin = CloneFunction(function, map);
      twin->setName(function->getName() + ".portable");
      twin->setLinkage(GlobalValue::InternalLinkage);
      replaceAddressUses(*function, *twin);
      portable.insert(twin);
    }
  }
  return portable;
}

} // namespace hc
