// SPDX-License-Identifier: GPL-3.0-or-later
// Rewrites portable functions and the calls of them; numbers the call sites.
#include "Portable.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/IR/DIBuilder.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/Local.h"
#include "llvm/Transforms/Utils/PromoteMemToReg.h"
#include <map>

using namespace llvm;

namespace hc {
namespace {

// sigsetjmp(buffer, save) is a call that saves the mask if asked to, and a setjmp.
void lowerSigsetjmp(Module &module) {
  for (Function &function : module)
    for (Instruction &instruction : make_early_inc_range(instructions(function))) {
      auto *call = dyn_cast<CallInst>(&instruction);
      if (!call || !CallClassifier::isSetjmp(*call)) continue;
      IRBuilder<> builder(call);
      Value *save = call->arg_size() > 1 ? call->getArgOperand(1) : builder.getInt32(0);
      auto *type = FunctionType::get(builder.getVoidTy(), {builder.getPtrTy(), builder.getInt32Ty()}, false);
      builder.CreateCall(module.getOrInsertFunction(symbol::SaveMask, type), {call->getArgOperand(0), save})
          ->setDebugLoc(call->getDebugLoc());
    }
}

AttributeList keptParameterAttributes(const Signature &signature, LLVMContext &context, unsigned parameters,
                                      function_ref<bool(unsigned, Attribute::AttrKind)> has) {
  AttributeList kept;
  for (unsigned i = 0; i < parameters; ++i)
    for (auto kind : {Attribute::ZExt, Attribute::SExt})
      if (signature.overflowOffset(i) < 0 && has(i, kind))
        kept = kept.addParamAttribute(context, signature.registerIndex(i), kind);
  return kept;
}

class Rewriter {
public:
  Rewriter(Program &program, const FunctionSet &portable)
      : program(program), module(program.module), portable(portable), classifier(portable) {}

  void run() {
    for (Function *function : portable) lowerArguments(*function, classifier);
    for (Function *function : portable) frames[function] = buildFrame(*function, classifier);
    // Calls are found by their callees' old identity, so collect them all before any signature changes.
    std::map<Function *, std::vector<CallInst *>> calls;
    for (Function *function : portable) calls[function] = classifier.markedCalls(*function);
    for (Function *function : portable) {
      replacements[function] = giveSignature(*function);
      names[replacements[function]] = function->getName().str();
    }
    for (Function *function : portable) {
      for (CallInst *call : calls[function]) rewriteCall(*call, *replacements[function], frames[function]);
      returnResults(*function, *replacements[function], frames[function]);
      promote(*replacements[function], frames[function]);
    }
    for (Function *function : portable) {
      Function *replacement = replacements[function];
      function->replaceAllUsesWith(replacement);
      replacement->takeName(function);
      function->eraseFromParent();
    }
    for (auto &[old, declaration] : runtime) {
      old->replaceAllUsesWith(declaration);
      declaration->takeName(old);
      old->eraseFromParent();
    }
    for (const char *name : {VarArgsPlaceholder, OverflowPlaceholder, symbol::Point})
      if (Function *function = module.getFunction(name); function && function->use_empty()) function->eraseFromParent();
    attachIds();
  }

private:
  Function *giveSignature(Function &function) {
    Signature signature(function.getFunctionType());
    auto linkage = function.getName() == symbol::Main ? GlobalValue::ExternalLinkage : GlobalValue::InternalLinkage;
    Function *result = Function::Create(signature.portable(), linkage, "", module);
    result->setCallingConv(PortableConvention);
    result->setDSOLocal(true);
    result->setAttributes(keptParameterAttributes(
        signature, module.getContext(), function.arg_size(),
        [&](unsigned i, Attribute::AttrKind kind) { return function.hasParamAttribute(i, kind); }));
    result->addFnAttr(Attribute::NoUnwind);
    for (auto kind : {Attribute::Cold, Attribute::OptimizeForSize, Attribute::MinSize})
      if (function.hasFnAttribute(kind)) result->addFnAttr(kind);
    result->setSubprogram(function.getSubprogram());
    function.setSubprogram(nullptr);
    result->splice(result->begin(), &function);
    result->getArg(0)->setName("ds");
    for (Argument &argument : function.args()) {
      if (signature.overflowOffset(argument.getArgNo()) >= 0) continue;
      Argument *moved = result->getArg(signature.registerIndex(argument.getArgNo()));
      argument.replaceAllUsesWith(moved);
      moved->takeName(&argument);
    }
    for (Instruction &instruction : make_early_inc_range(instructions(*result))) {
      if (instruction.getMetadata(BaseInitMetadata)) {
        instruction.setOperand(0, result->getArg(0));
        instruction.setMetadata(BaseInitMetadata, nullptr);
      }
      auto *call = dyn_cast<CallInst>(&instruction);
      Function *callee = call ? call->getCalledFunction() : nullptr;
      if (!callee) continue;
      if (callee->getName() == VarArgsPlaceholder) call->replaceAllUsesWith(result->getArg(signature.varArgsIndex()));
      else if (callee->getName() == OverflowPlaceholder) call->replaceAllUsesWith(result->getArg(signature.overflowIndex()));
      else continue;
      call->eraseFromParent();
    }
    return result;
  }

  // `return f(x)` of a function without live stack objects: the callee takes over this frame.
  bool isTailPosition(CallInst &call, const Function &caller) {
    auto *ret = dyn_cast_or_null<ReturnInst>(call.getNextNode());
    if (!ret || !call.isTailCall() || CallClassifier::isPark(call) || CallClassifier::isSetjmp(call)) return false;
    if (call.getFunctionType()->isVarArg() || call.getNumOperandBundles()) return false;
    if (ret->getReturnValue() && ret->getReturnValue() != &call) return false;
    return Signature(call.getFunctionType()).portable()->getReturnType() == caller.getReturnType();
  }

  Function *declareRuntime(Function &old, FunctionType *type) {
    Function *&declaration = runtime[&old];
    if (!declaration) {
      declaration = Function::Create(type, GlobalValue::ExternalLinkage, "", module);
      declaration->setCallingConv(PortableConvention);
      declaration->setDSOLocal(true);
      if (old.getName() == symbol::Park) declaration->addFnAttr(Attribute::Cold);
    }
    return declaration;
  }

  uint32_t newSite(const CallInst &call, const Function &function, const Frame &frame, bool tail) {
    CallSite site;
    site.function = names[&function];
    if (const DebugLoc &loc = call.getDebugLoc()) {
      site.file = loc->getFilename().str();
      site.line = loc.getLine();
    }
    site.dataFrame = tail ? 0 : frame.size;
    site.dynamic = !tail && frame.dynamic;
    program.sites.push_back(site);
    return program.sites.size();
  }

  void rewriteCall(CallInst &call, Function &caller, const Frame &frame) {
    IRBuilder<> builder(&call);
    Signature signature(call.getFunctionType());
    FunctionType *type = signature.portable();
    Value *base = builder.CreateLoad(builder.getPtrTy(), frame.base);
    bool tail = isTailPosition(call, caller);
    Value *data = tail            ? base
                  : frame.dynamic ? builder.CreateLoad(builder.getPtrTy(), frame.address(builder, frame.top))
                                  : builder.CreateConstGEP1_64(builder.getInt8Ty(), base, frame.size);
    uint32_t id = newSite(call, caller, frame, tail);
    SmallVector<Value *, 12> arguments(type->getNumParams(), nullptr);
    arguments[0] = data;
    for (unsigned i = 0; i < call.getFunctionType()->getNumParams(); ++i)
      if (signature.overflowOffset(i) < 0) arguments[signature.registerIndex(i)] = call.getArgOperand(i);
    if (signature.hasOverflow())
      arguments[signature.overflowIndex()] = call.getOperandBundle(OverflowPlaceholder)->Inputs[0].get();
    if (call.getFunctionType()->isVarArg())
      arguments[signature.varArgsIndex()] = call.getArgOperand(call.getFunctionType()->getNumParams());

    Value *callee = call.getCalledOperand();
    if (CallClassifier::isSetjmp(call)) {
      // __hc_setjmp(data, buffer, site id, base)
      type = FunctionType::get(type->getReturnType(),
                               {builder.getPtrTy(), builder.getPtrTy(), builder.getInt64Ty(), builder.getPtrTy()}, false);
      arguments = {data, call.getArgOperand(0), builder.getInt64(id), base};
      callee = setjmpDeclaration(type);
    } else if (auto *function = dyn_cast<Function>(callee)) {
      auto replacement = replacements.find(function);
      callee = replacement != replacements.end() ? replacement->second : declareRuntime(*function, type);
    }
    CallInst *rewritten = builder.CreateCall(type, callee, arguments);
    rewritten->setCallingConv(PortableConvention);
    if (!CallClassifier::isSetjmp(call))
      rewritten->setAttributes(keptParameterAttributes(
          signature, module.getContext(), call.getFunctionType()->getNumParams(),
          [&](unsigned i, Attribute::AttrKind kind) { return call.paramHasAttr(i, kind); }));
    rewritten->addFnAttr(Attribute::NoMerge);
    siteCalls.push_back({id, rewritten});
    if (tail) {
      bool same = caller.getFunctionType() == type;
      for (unsigned i = 0; same && i < type->getNumParams(); ++i)
        same = caller.getAttributes().getParamAttrs(i) == rewritten->getAttributes().getParamAttrs(i);
      rewritten->setTailCallKind(same ? CallInst::TCK_MustTail : CallInst::TCK_Tail);
      auto *ret = cast<ReturnInst>(call.getNextNode());
      ReturnInst::Create(module.getContext(), rewritten, ret->getIterator());
      ret->eraseFromParent();
      call.replaceAllUsesWith(PoisonValue::get(call.getType()));
      call.eraseFromParent();
      return;
    }
    rewritten->setTailCallKind(CallInst::TCK_NoTail);
    Value *returned = unpackResult(call, *rewritten, builder);
    Value *own = frame.dynamic ? static_cast<Value *>(builder.CreateLoad(
                                     builder.getPtrTy(), builder.CreateConstGEP1_64(builder.getInt8Ty(), returned, -8)))
                               : builder.CreateConstGEP1_64(builder.getInt8Ty(), returned, -int64_t(frame.size));
    builder.CreateStore(own, frame.base);
    call.eraseFromParent();
  }

  // Replaces the old call's result; gives the data-stack pointer that came back.
  Value *unpackResult(CallInst &call, CallInst &rewritten, IRBuilder<> &builder) {
    Type *result = call.getType();
    if (result->isVoidTy()) return &rewritten;
    unsigned last = cast<StructType>(rewritten.getType())->getNumElements() - 1;
    auto *aggregate = dyn_cast<StructType>(result);
    if (!aggregate) {
      call.replaceAllUsesWith(builder.CreateExtractValue(&rewritten, 0));
      return builder.CreateExtractValue(&rewritten, last);
    }
    Value *returned = builder.CreateExtractValue(&rewritten, last);
    auto element = [&](unsigned j) -> Value * {
      int index = Signature::resultIndex(aggregate, j);
      if (index >= 0) return builder.CreateExtractValue(&rewritten, index);
      return builder.CreateLoad(aggregate->getElementType(j),
                                builder.CreateConstGEP1_64(builder.getInt8Ty(), returned, Signature::resultOffset(j)));
    };
    SmallVector<Value *, 4> elements(aggregate->getNumElements(), nullptr);
    for (User *user : make_early_inc_range(call.users()))
      if (auto *extract = dyn_cast<ExtractValueInst>(user); extract && extract->getNumIndices() == 1) {
        unsigned j = extract->getIndices()[0];
        if (!elements[j]) elements[j] = element(j);
        extract->replaceAllUsesWith(elements[j]);
        extract->eraseFromParent();
      }
    if (!call.use_empty()) {
      Value *whole = PoisonValue::get(result);
      for (unsigned j = 0; j < elements.size(); ++j) {
        if (!elements[j]) elements[j] = element(j);
        whole = builder.CreateInsertValue(whole, elements[j], j);
      }
      call.replaceAllUsesWith(whole);
    }
    return returned;
  }

  void returnResults(Function &old, Function &function, const Frame &frame) {
    for (BasicBlock &block : function) {
      auto *ret = dyn_cast<ReturnInst>(block.getTerminator());
      if (!ret) continue;
      if (auto *tail = dyn_cast_or_null<CallInst>(ret->getReturnValue());
          tail && tail->getCallingConv() == PortableConvention)
        continue; // rewritten by rewriteCall
      IRBuilder<> builder(ret);
      Value *base = builder.CreateLoad(builder.getPtrTy(), frame.base);
      Value *value = ret->getReturnValue();
      if (!value) builder.CreateRet(base);
      else {
        Value *result = PoisonValue::get(function.getReturnType());
        unsigned last = cast<StructType>(function.getReturnType())->getNumElements() - 1;
        if (auto *aggregate = dyn_cast<StructType>(value->getType()))
          for (unsigned j = 0; j < aggregate->getNumElements(); ++j) {
            Value *element = builder.CreateExtractValue(value, j);
            if (int index = Signature::resultIndex(aggregate, j); index >= 0)
              result = builder.CreateInsertValue(result, element, index);
            else
              builder.CreateStore(element, builder.CreateConstGEP1_64(builder.getInt8Ty(), base, Signature::resultOffset(j)));
          }
        else result = builder.CreateInsertValue(result, value, 0);
        builder.CreateRet(builder.CreateInsertValue(result, base, last));
      }
      ret->eraseFromParent();
    }
  }

  void promote(Function &function, Frame &frame) {
    SmallVector<AllocaInst *, 16> variables(frame.variables.begin(), frame.variables.end());
    variables.push_back(frame.base);
    DominatorTree dominators(function);
    PromoteMemToReg(variables, dominators);
    for (BasicBlock &block : function) SimplifyInstructionsInBlock(&block);
    // An undefined PHI input becomes IMPLICIT_DEF, which the register allocator may keep across calls.
    SmallVector<WeakTrackingVH, 16> phis;
    for (BasicBlock &block : function)
      for (PHINode &phi : block.phis()) {
        phis.push_back(&phi);
        for (unsigned i = 0; i < phi.getNumIncomingValues(); ++i)
          if (isa<UndefValue>(phi.getIncomingValue(i))) phi.setIncomingValue(i, Constant::getNullValue(phi.getType()));
      }
    for (WeakTrackingVH &phi : phis)
      if (auto *alive = dyn_cast_or_null<PHINode>(static_cast<Value *>(phi))) RecursivelyDeleteDeadPHINode(alive);
  }

  // The code generator carries the id through in the line number of the call's location.
  void attachIds() {
    StripDebugInfo(module);
    DIBuilder builder(module);
    DIFile *file = builder.createFile("hc", "/");
    builder.createCompileUnit(dwarf::DW_LANG_C, file, "hc-codegen", true, "", 0, "", DICompileUnit::NoDebug);
    auto *type = builder.createSubroutineType(builder.getOrCreateTypeArray({}));
    for (auto &[id, handle] : siteCalls) {
      auto *call = dyn_cast_or_null<CallInst>(static_cast<Value *>(handle));
      if (!call) continue;
      Function *function = call->getFunction();
      if (!function->getSubprogram())
        function->setSubprogram(builder.createFunction(file, function->getName(), "", file, 1, type, 1, DINode::FlagZero,
                                                       DISubprogram::SPFlagDefinition | DISubprogram::SPFlagOptimized));
      call->setDebugLoc(DILocation::get(module.getContext(), id, 1, function->getSubprogram()));
    }
    builder.finalize();
    module.setModuleFlag(Module::Warning, "Debug Info Version", ConstantAsMetadata::get(ConstantInt::get(Type::getInt32Ty(module.getContext()), DEBUG_METADATA_VERSION)));
  }

  Function *setjmpDeclaration(FunctionType *type) {
    auto *function = cast<Function>(module.getOrInsertFunction(symbol::Setjmp, type).getCallee());
    function->setCallingConv(PortableConvention);
    function->setDSOLocal(true);
    return function;
  }

  Program &program;
  Module &module;
  const FunctionSet &portable;
  CallClassifier classifier;
  std::map<Function *, Frame> frames;
  std::map<Function *, Function *> replacements;
  MapVector<Function *, Function *> runtime; // declarations of the runtime's portable functions
  std::map<const Function *, std::string> names; // of replacements, until they take them over
  std::vector<std::pair<uint32_t, WeakTrackingVH>> siteCalls;
};

} // namespace

void makePortable(Program &program) {
  lowerSigsetjmp(program.module);
  FunctionSet portable = selectPortable(program);
  if (program.errors) return;
  Rewriter(program, portable).run();
}

} // namespace hc
