// SPDX-License-Identifier: GPL-3.0-or-later
// Lowers what depends on one ISA, or what a portable frame can't hold, to plain IR; names what it can't lower.
#include "Program.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/ReplaceConstant.h"
#include "llvm/IR/InlineAsm.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace hc {
namespace {

// Function attributes that name a CPU, or that ask for code which can't be carried or isn't wanted.
constexpr const char *DroppedAttributes[] = {
    "target-cpu",         "target-features", "tune-cpu", "frame-pointer", "probe-stack", "stack-probe-size",
    "no-stack-arg-probe", "stackrealign",    "patchable-function"};
constexpr Attribute::AttrKind DroppedKinds[] = {
    Attribute::OptimizeNone, Attribute::StackProtect,    Attribute::StackProtectReq, Attribute::StackProtectStrong,
    Attribute::UWTable,      Attribute::SafeStack,       Attribute::ShadowCallStack, Attribute::Naked,
};

void dropAttributes(Program &program) {
  for (Function &function : program.module) {
    if (function.hasFnAttribute(Attribute::Naked))
      program.error(DebugLoc(), &function, "a naked function is assembly of one ISA", "write it in C");
    for (const char *name : DroppedAttributes) function.removeFnAttr(name);
    for (Attribute::AttrKind kind : DroppedKinds) function.removeFnAttr(kind);
    if (function.hasGC() || function.hasPrologueData() || function.hasPrefixData())
      program.error(DebugLoc(), &function, "garbage-collector or prologue data", "compile without it");
  }
}

// After the link every alias is a second name for one definition; a second name would hide uses of it.
void resolveAliases(Program &program) {
  for (GlobalAlias &alias : make_early_inc_range(program.module.aliases())) {
    Constant *target = alias.getAliasee();
    alias.replaceAllUsesWith(target);
    if (alias.hasLocalLinkage()) alias.eraseFromParent();
  }
  for (GlobalIFunc &ifunc : program.module.ifuncs())
    program.error(DebugLoc(), nullptr, "indirect function '" + ifunc.getName() + "' picks code by CPU at start-up",
                  "build without ifunc support");
}

// asm("" : "+r"(x) : : "memory") only orders the compiler; it becomes a compiler fence and its inputs.
bool lowerEmptyAsm(CallInst &call, const InlineAsm &assembly) {
  if (StringRef(assembly.getAsmString()).trim() != "") return false;
  SmallVector<Value *, 2> results;
  unsigned argument = 0;
  SmallVector<unsigned, 4> outputs;
  InlineAsm::ConstraintInfoVector constraints = assembly.ParseConstraints();
  SmallVector<Value *, 4> tied(constraints.size(), nullptr);
  for (auto &constraint : constraints) {
    unsigned index = &constraint - constraints.data();
    if (constraint.Type == InlineAsm::isOutput && !constraint.isIndirect) outputs.push_back(index);
    else if (constraint.Type == InlineAsm::isOutput || constraint.Type == InlineAsm::isInput) {
      Value *value = call.getArgOperand(argument++);
      if (constraint.hasMatchingInput() || constraint.Type != InlineAsm::isInput) continue;
      for (const std::string &code : constraint.Codes)
        if (unsigned number; !StringRef(code).getAsInteger(10, number) && number < tied.size()) tied[number] = value;
    }
  }
  for (unsigned output : outputs) {
    Type *type = outputs.size() == 1 ? call.getType() : cast<StructType>(call.getType())->getElementType(results.size());
    Value *value = tied[output];
    if (!value || value->getType() != type) return false;
    results.push_back(value);
  }
  IRBuilder<> builder(&call);
  builder.CreateFence(AtomicOrdering::SequentiallyConsistent, SyncScope::SingleThread);
  if (results.size() == 1) call.replaceAllUsesWith(results[0]);
  else if (results.size() > 1) {
    Value *aggregate = PoisonValue::get(call.getType());
    for (unsigned i = 0; i < results.size(); ++i) aggregate = builder.CreateInsertValue(aggregate, results[i], i);
    call.replaceAllUsesWith(aggregate);
  }
  call.eraseFromParent();
  return true;
}

void checkConstructs(Program &program) {
  if (!program.module.getModuleInlineAsm().empty())
    program.error(DebugLoc(), nullptr, "top-level assembly", "build the program's portable (C) variant");
  for (Function &function : program.module)
    for (Instruction &instruction : make_early_inc_range(instructions(function))) {
      if (isa<InvokeInst, LandingPadInst, ResumeInst, CallBrInst, FuncletPadInst>(instruction))
        program.error(instruction, Twine("'") + instruction.getOpcodeName() + "' (exceptions or asm goto)",
                      "only C is supported so far: compile without it");
      if (instruction.getType()->isX86_FP80Ty() || instruction.getType()->isPPC_FP128Ty())
        program.error(instruction, "a floating-point format of one ISA", "compile with hc-cc, where long double has 128 bits");
      if (isa<FPTruncInst>(instruction) && instruction.getType()->isBFloatTy() && instruction.getOperand(0)->getType()->isFP128Ty())
        program.error(instruction, "a long double becomes a __bf16, which LLVM can't do", "convert it to float first");
      auto *call = dyn_cast<CallInst>(&instruction);
      if (!call) continue;
      if (auto *assembly = dyn_cast<InlineAsm>(call->getCalledOperand())) {
        if (!lowerEmptyAsm(*call, *assembly))
          program.error(*call, "inline assembly \"" + assembly->getAsmString() + "\"",
                        "use the program's portable C path (hc-cc defines no ISA macro), or a builtin");
        continue;
      }
      Function *callee = call->getCalledFunction();
      if (!callee || !callee->isIntrinsic()) continue;
      StringRef name = callee->getName();
      if (name.starts_with("llvm.x86.") || name.starts_with("llvm.aarch64."))
        program.error(*call, "the ISA-specific intrinsic " + name, "use vector extensions or portable C");
      switch (callee->getIntrinsicID()) {
      case Intrinsic::returnaddress:
      case Intrinsic::addressofreturnaddress:
      case Intrinsic::sponentry:
        program.error(*call, "a return address differs between ISAs", "don't use __builtin_return_address");
        break;
      case Intrinsic::eh_return_i64:
      case Intrinsic::localescape:
      case Intrinsic::init_trampoline:
        program.error(*call, "the intrinsic " + name, "don't use nested functions or unwinding by hand");
        break;
      case Intrinsic::prefetch:
        break;
      default:
        break;
      }
    }
}

// A label's address is ISA-specific. Labels become small numbers, and `goto *p` a switch over them.
void lowerComputedGoto(Function &function) {
  SmallVector<IndirectBrInst *, 4> branches;
  for (BasicBlock &block : function)
    if (auto *branch = dyn_cast<IndirectBrInst>(block.getTerminator())) branches.push_back(branch);
  MapVector<BasicBlock *, ConstantInt *> numbers;
  Type *word = Type::getInt64Ty(function.getContext());
  for (BasicBlock &block : function)
    if (block.hasAddressTaken()) numbers[&block] = cast<ConstantInt>(ConstantInt::get(word, numbers.size() + 1));
  for (auto &[block, number] : numbers) {
    BlockAddress *address = BlockAddress::get(block);
    address->replaceAllUsesWith(ConstantExpr::getIntToPtr(number, address->getType()));
    address->destroyConstant();
  }
  for (IndirectBrInst *branch : branches) {
    BasicBlock *nowhere = BasicBlock::Create(function.getContext(), "", &function);
    new UnreachableInst(function.getContext(), nowhere);
    IRBuilder<> builder(branch);
    SwitchInst *dispatch = builder.CreateSwitch(builder.CreatePtrToInt(branch->getAddress(), word), nowhere,
                                                branch->getNumDestinations());
    SmallPtrSet<BasicBlock *, 16> reached;
    for (BasicBlock *target : branch->successors()) {
      if (!reached.insert(target).second) target->removePredecessor(branch->getParent(), true);
      else if (auto number = numbers.find(target); number != numbers.end())
        dispatch->addCase(number->second, target);
      else target->removePredecessor(branch->getParent(), true);
    }
    branch->eraseFromParent();
  }
}

// va_list is x86-64's. A variadic function finds all its variable arguments in memory, in 8-byte slots, so
// its va_list says that the register save area is used up (gp_offset 48, fp_offset 176: psABI 3.5.7).
void lowerVaCopyAndEnd(Function &function) {
  for (Instruction &instruction : make_early_inc_range(instructions(function))) {
    if (auto *copy = dyn_cast<VACopyInst>(&instruction)) {
      IRBuilder<> builder(copy);
      builder.CreateMemCpy(copy->getDest(), Align(8), copy->getSrc(), Align(8), 24);
      copy->eraseFromParent();
    } else if (isa<VAEndInst>(instruction)) instruction.eraseFromParent();
    else if (isa<VAArgInst>(instruction)) report_fatal_error("va_arg instruction: not what clang emits for x86-64");
  }
}

// A call through an unprototyped declaration carries a variadic type; give it its callee's.
void fixUnprototypedCalls(Function &function) {
  for (Instruction &instruction : make_early_inc_range(instructions(function))) {
    auto *call = dyn_cast<CallInst>(&instruction);
    if (!call || call->isInlineAsm()) continue;
    auto *callee = dyn_cast<Function>(call->getCalledOperand()->stripPointerCasts());
    if (!callee || callee->isIntrinsic() || callee->getFunctionType() == call->getFunctionType()) continue;
    FunctionType *type = callee->getFunctionType();
    IRBuilder<> builder(call);
    SmallVector<Value *, 8> arguments;
    bool fits = true;
    for (unsigned i = 0; i < type->getNumParams(); ++i) {
      Type *wanted = type->getParamType(i);
      Value *given = i < call->arg_size() ? call->getArgOperand(i) : UndefValue::get(wanted);
      if (given->getType() != wanted) {
        if (given->getType()->isIntegerTy() && wanted->isIntegerTy()) given = builder.CreateZExtOrTrunc(given, wanted);
        else if (given->getType()->isPointerTy() && wanted->isIntegerTy(64)) given = builder.CreatePtrToInt(given, wanted);
        else if (given->getType()->isIntegerTy(64) && wanted->isPointerTy()) given = builder.CreateIntToPtr(given, wanted);
        else fits = false;
      }
      arguments.push_back(given);
    }
    if (type->isVarArg())
      for (unsigned i = type->getNumParams(); i < call->arg_size(); ++i) arguments.push_back(call->getArgOperand(i));
    if (!fits) continue; // undefined in C; leave it to the callee's convention
    CallInst *fixed = builder.CreateCall(callee, arguments);
    fixed->setCallingConv(call->getCallingConv());
    fixed->setDebugLoc(call->getDebugLoc());
    Value *result = fixed;
    if (!call->getType()->isVoidTy() && !call->use_empty()) {
      if (fixed->getType() != call->getType())
        result = fixed->getType()->isIntegerTy() && call->getType()->isIntegerTy()
                     ? builder.CreateZExtOrTrunc(fixed, call->getType())
                     : static_cast<Value *>(UndefValue::get(call->getType()));
      call->replaceAllUsesWith(result);
    }
    call->eraseFromParent();
  }
}

// --- thread-local storage -------------------------------------------------------------------------
// All thread-locals become fields of one block that ends at the thread pointer (psABI 3.4.2, variant II),
// on both ISAs. The runtime's __init_tls copies the image and uses the constants defined here.
class ThreadLocals {
public:
  explicit ThreadLocals(Program &program) : program(program), module(program.module) {}

  void run() {
    const DataLayout &layout = module.getDataLayout();
    for (GlobalVariable &global : module.globals())
      if (global.isThreadLocal() && !global.isDeclaration()) variables.push_back(&global);
    Type *word = Type::getInt64Ty(module.getContext());
    uint64_t size = 0;
    Align alignment(16);
    SmallVector<Constant *> fields;
    SmallVector<Type *> types;
    Type *byte = Type::getInt8Ty(module.getContext());
    // Zero-initialised ones last, so that the image holds the others only.
    llvm::stable_sort(variables, [](GlobalVariable *a, GlobalVariable *b) {
      return !a->getInitializer()->isNullValue() && b->getInitializer()->isNullValue();
    });
    uint64_t imageSize = 0;
    for (GlobalVariable *variable : variables) {
      Align wanted = std::max(variable->getAlign().valueOrOne(), layout.getPreferredAlign(variable));
      alignment = std::max(alignment, wanted);
      uint64_t offset = alignTo(size, wanted);
      uint64_t bytes = layout.getTypeAllocSize(variable->getValueType());
      offsets[variable] = offset;
      if (!variable->getInitializer()->isNullValue()) {
        if (offset > imageSize) {
          types.push_back(ArrayType::get(byte, offset - imageSize));
          fields.push_back(Constant::getNullValue(types.back()));
        }
        types.push_back(variable->getValueType());
        fields.push_back(variable->getInitializer());
        imageSize = offset + bytes;
      }
      size = offset + bytes;
    }
    size = alignTo(size, alignment);
    for (GlobalVariable *variable : variables) lower(*variable, int64_t(offsets[variable]) - int64_t(size));
    for (Function &function : module)
      for (BasicBlock &block : function)
        for (PHINode &phi : block.phis()) unite(phi);
    if (fields.empty()) {
      types.push_back(byte);
      fields.push_back(Constant::getNullValue(byte));
    }
    auto *image = ConstantStruct::get(StructType::get(module.getContext(), types, /*packed=*/true), fields);
    define("__hc_tls_image", image)->setAlignment(alignment);
    define("__hc_tls_image_size", ConstantInt::get(word, imageSize));
    define("__hc_tls_size", ConstantInt::get(word, size));
    define("__hc_tls_align", ConstantInt::get(word, alignment.value()));
    int64_t self = 0;
    for (GlobalVariable *variable : variables)
      if (variable->getName() == "__hc_self") self = int64_t(offsets[variable]) - int64_t(size);
    define("__hc_self_offset", ConstantInt::getSigned(word, self));
    for (GlobalVariable *variable : variables) {
      variable->replaceAllUsesWith(UndefValue::get(variable->getType())); // metadata and llvm.used only
      variable->eraseFromParent();
    }
    for (GlobalVariable &global : module.globals())
      if (global.isThreadLocal() && !global.use_empty())
        program.error(DebugLoc(), nullptr, "thread-local '" + global.getName() + "' is not defined", "link its definition");
  }

private:
  // Defines a constant that the runtime declares.
  GlobalVariable *define(StringRef name, Constant *value) {
    GlobalVariable *declared = module.getNamedGlobal(name);
    auto *global = new GlobalVariable(module, value->getType(), true, GlobalValue::ExternalLinkage, value, "");
    if (declared) {
      declared->replaceAllUsesWith(global);
      declared->eraseFromParent();
    }
    global->setName(name);
    global->setDSOLocal(true);
    return global;
  }

  void lower(GlobalVariable &variable, int64_t offset) {
    // Constant expressions over the address first become instructions.
    convertUsersOfConstantsToInstructions({&variable});
    // Collected first: a user that names the variable twice, as a PHI may, would lead the iteration astray.
    SmallSetVector<Instruction *, 16> users;
    for (User *user : variable.users())
      if (auto *instruction = dyn_cast<Instruction>(user)) users.insert(instruction);
    for (Instruction *instruction : users) {
      if (auto *intrinsic = dyn_cast<IntrinsicInst>(instruction);
          intrinsic && intrinsic->getIntrinsicID() == Intrinsic::threadlocal_address) {
        intrinsic->replaceAllUsesWith(address(intrinsic, offset));
        intrinsic->eraseFromParent();
        continue;
      }
      for (Use &use : instruction->operands()) {
        if (use.get() != &variable) continue;
        auto *phi = dyn_cast<PHINode>(instruction);
        use.set(address(phi ? phi->getIncomingBlock(use)->getTerminator() : instruction, offset));
      }
    }
  }

  // A block that a switch leads to by several cases has one entry for each, and these must be the same value.
  static void unite(PHINode &phi) {
    SmallDenseMap<BasicBlock *, Value *, 8> first;
    for (unsigned i = 0; i < phi.getNumIncomingValues(); ++i)
      phi.setIncomingValue(i, first.try_emplace(phi.getIncomingBlock(i), phi.getIncomingValue(i)).first->second);
  }

  Value *address(Instruction *before, int64_t offset) {
    IRBuilder<> builder(before);
    Value *pointer = builder.CreateIntrinsic(Intrinsic::thread_pointer, {}, {});
    return builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), pointer, offset);
  }

  Program &program;
  Module &module;
  std::vector<GlobalVariable *> variables;
  DenseMap<GlobalVariable *, uint64_t> offsets;
};

// llvm.global_ctors holds function addresses; it becomes an ordinary table, run by libc's start-up.
void lowerConstructors(Module &module, StringRef listName, StringRef sectionName) {
  GlobalVariable *list = module.getNamedGlobal(listName);
  if (!list) return;
  std::vector<std::pair<uint64_t, Constant *>> entries;
  if (auto *array = dyn_cast<ConstantArray>(list->getInitializer()))
    for (Value *element : array->operands()) {
      auto *entry = cast<ConstantStruct>(element);
      if (!entry->getOperand(1)->isNullValue())
        entries.push_back({cast<ConstantInt>(entry->getOperand(0))->getZExtValue(), entry->getOperand(1)});
    }
  list->eraseFromParent();
  if (entries.empty()) return;
  llvm::stable_sort(entries, [](auto &a, auto &b) { return a.first < b.first; });
  std::vector<Constant *> functions;
  for (auto &entry : entries) functions.push_back(entry.second);
  auto *type = ArrayType::get(PointerType::get(module.getContext(), 0), functions.size());
  auto *table = new GlobalVariable(module, type, true, GlobalValue::InternalLinkage,
                                   ConstantArray::get(type, functions), listName.drop_front(5));
  table->setSection(sectionName);
  appendToUsed(module, {table});
}

// What must be a tail call can only be one between functions of one convention, and these change.
void relaxTailCalls(Function &function) {
  for (Instruction &instruction : instructions(function))
    if (auto *call = dyn_cast<CallInst>(&instruction); call && call->isMustTailCall()) call->setTailCallKind(CallInst::TCK_Tail);
}

} // namespace

void legalize(Program &program) {
  Module &module = program.module;
  dropAttributes(program);
  resolveAliases(program);
  lowerConstructors(module, "llvm.global_ctors", section::InitArray);
  lowerConstructors(module, "llvm.global_dtors", section::FiniArray);
  for (Function &function : module) {
    if (function.isDeclaration()) continue;
    lowerComputedGoto(function);
    lowerVaCopyAndEnd(function);
    fixUnprototypedCalls(function);
    lowerQuads(function);
    lowerVariableElements(function);
    relaxTailCalls(function);
  }
  checkConstructs(program);
  ThreadLocals(program).run();
}

} // namespace hc
