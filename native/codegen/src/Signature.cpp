// SPDX-License-Identifier: GPL-3.0-or-later
// Portable signatures: (data-stack pointer, arguments..., [surplus], [variable]) -> {result..., data-stack pointer}.
#include "Portable.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace hc {
namespace {

// preserve_none has 12 integer argument registers on x86-64, the smaller set; three are for hidden parameters.
constexpr unsigned IntegerRegisters = 9;
constexpr unsigned VectorRegisters = 8;
// Result registers both ISAs have, besides the one for the data-stack pointer.
constexpr unsigned IntegerResults = 2;
constexpr unsigned VectorResults = 2;

bool isVectorClass(Type *type) { return type->isVectorTy() || type->isFloatingPointTy(); }

unsigned registersFor(Type *type) {
  if (auto *integer = dyn_cast<IntegerType>(type)) return (integer->getBitWidth() + 63) / 64;
  if (auto *vector = dyn_cast<FixedVectorType>(type))
    return std::max<unsigned>(1, vector->getPrimitiveSizeInBits().getFixedValue() / 128);
  return 1;
}

} // namespace

int Signature::resultIndex(StructType *type, unsigned j) {
  unsigned integers = 0, vectors = 0, index = 0;
  for (unsigned i = 0; i <= j; ++i) {
    Type *element = type->getElementType(i);
    bool inRegister = isVectorClass(element) ? vectors++ < VectorResults : integers++ < IntegerResults;
    if (i == j) return inRegister ? int(index) : -1;
    if (inRegister) ++index;
  }
  return -1;
}

Signature::Signature(FunctionType *type) {
  LLVMContext &context = type->getContext();
  Type *pointer = PointerType::get(context, 0);
  SmallVector<Type *, 12> parameters{pointer};
  unsigned integers = 0, vectors = 0;
  for (Type *parameter : type->params()) {
    bool vector = isVectorClass(parameter);
    unsigned &used = vector ? vectors : integers;
    unsigned needed = registersFor(parameter);
    if (used + needed <= (vector ? VectorRegisters : IntegerRegisters)) {
      used += needed;
      offsets.push_back(-1);
      indices.push_back(parameters.size());
      parameters.push_back(parameter);
    } else {
      offsets.push_back(overflowBytes);
      indices.push_back(0);
      overflowBytes += 16 * needed;
    }
  }
  if (overflowBytes) {
    overflowParameter = parameters.size();
    parameters.push_back(pointer);
  }
  if (type->isVarArg()) {
    varArgsParameter = parameters.size();
    parameters.push_back(pointer);
  }
  Type *result = type->getReturnType();
  Type *portableResult = pointer;
  if (!result->isVoidTy()) {
    SmallVector<Type *, 4> elements;
    if (auto *aggregate = dyn_cast<StructType>(result)) {
      for (unsigned j = 0; j < aggregate->getNumElements(); ++j)
        if (resultIndex(aggregate, j) >= 0) elements.push_back(aggregate->getElementType(j));
    } else elements.push_back(result);
    elements.push_back(pointer);
    portableResult = StructType::get(context, elements);
  }
  portableType = FunctionType::get(portableResult, parameters, false);
}

namespace {

AllocaInst *frameArea(Function &function, uint64_t bytes, Align alignment) {
  IRBuilder<> builder(&*function.getEntryBlock().getFirstInsertionPt());
  AllocaInst *area = builder.CreateAlloca(ArrayType::get(builder.getInt8Ty(), std::max<uint64_t>(bytes, 8)));
  area->setAlignment(alignment);
  return area;
}

// A struct passed by value is copied into the caller's frame; the callee gets the copy's address.
void lowerByVal(CallInst &call, const DataLayout &layout) {
  for (unsigned i = 0; i < call.getFunctionType()->getNumParams(); ++i) {
    if (!call.isByValArgument(i)) continue;
    Type *type = call.getParamByValType(i);
    Align alignment = std::max(call.getParamAlign(i).valueOrOne(), layout.getPrefTypeAlign(type));
    AllocaInst *copy = frameArea(*call.getFunction(), layout.getTypeAllocSize(type), alignment);
    IRBuilder<> builder(&call);
    builder.CreateMemCpy(copy, alignment, call.getArgOperand(i), call.getParamAlign(i), layout.getTypeAllocSize(type));
    call.setArgOperand(i, copy);
    call.removeParamAttr(i, Attribute::ByVal);
  }
}

// The area for variable arguments, shared by all calls of a function: it is filled right before each.
class VariableArea {
public:
  Value *get(Function &function, uint64_t bytes) {
    size = std::max(size, bytes);
    if (!area) area = frameArea(function, size, Align(16));
    area->setAllocatedType(ArrayType::get(Type::getInt8Ty(function.getContext()), size));
    return area;
  }

private:
  AllocaInst *area = nullptr;
  // Some functions read arguments that the call did not pass: fcntl(2) its third, syscall(2) all six.
  uint64_t size = 64;
};

// Variable arguments go to memory in 8-byte slots, as in the overflow area of psABI 3.5.7; the one variable argument
// left is the area's address.
void lowerVariableArguments(CallInst &call, const DataLayout &layout, VariableArea &variables) {
  FunctionType *type = call.getFunctionType();
  unsigned fixed = type->getNumParams();
  uint64_t size = 0;
  SmallVector<std::pair<uint64_t, unsigned>, 8> places;
  for (unsigned i = fixed; i < call.arg_size(); ++i) {
    bool byVal = call.isByValArgument(i);
    Type *stored = byVal ? call.getParamByValType(i) : call.getArgOperand(i)->getType();
    Align alignment = byVal ? call.getParamAlign(i).valueOrOne() : layout.getABITypeAlign(stored);
    if (alignment > Align(8)) size = alignTo(size, 16);
    places.push_back({size, i});
    size += alignTo(layout.getTypeAllocSize(stored), 8);
  }
  IRBuilder<> builder(&call);
  Value *area = variables.get(*call.getFunction(), size);
  for (auto &[offset, i] : places) {
    Value *place = builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), area, offset);
    Value *argument = call.getArgOperand(i);
    if (call.isByValArgument(i))
      builder.CreateMemCpy(place, Align(8), argument, call.getParamAlign(i),
                           layout.getTypeAllocSize(call.getParamByValType(i)));
    else builder.CreateAlignedStore(argument, place, Align(8));
  }
  SmallVector<Value *, 8> arguments(call.arg_begin(), call.arg_begin() + fixed);
  arguments.push_back(area);
  SmallVector<OperandBundleDef, 1> bundles;
  call.getOperandBundlesAsDefs(bundles);
  CallInst *lowered = builder.CreateCall(type, call.getCalledOperand(), arguments, bundles);
  AttributeList attributes;
  for (unsigned i = 0; i < fixed; ++i)
    for (auto kind : {Attribute::ZExt, Attribute::SExt})
      if (call.paramHasAttr(i, kind)) attributes = attributes.addParamAttribute(call.getContext(), i, kind);
  lowered->setAttributes(attributes);
  lowered->setDebugLoc(call.getDebugLoc());
  call.replaceAllUsesWith(lowered);
  call.eraseFromParent();
}

void lowerVaStart(Function &function) {
  Module &module = *function.getParent();
  for (Instruction &instruction : make_early_inc_range(instructions(function))) {
    auto *start = dyn_cast<VAStartInst>(&instruction);
    if (!start) continue;
    IRBuilder<> entry(&*function.getEntryBlock().getFirstInsertionPt());
    Value *area = entry.CreateCall(module.getOrInsertFunction(VarArgsPlaceholder, entry.getPtrTy()));
    IRBuilder<> builder(start);
    Value *list = start->getArgList();
    auto field = [&](unsigned offset) { return builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), list, offset); };
    builder.CreateStore(builder.getInt32(48), field(0));   // gp_offset: no registers left
    builder.CreateStore(builder.getInt32(176), field(4));  // fp_offset: likewise
    builder.CreateStore(area, field(8));                   // overflow_arg_area
    builder.CreateStore(ConstantPointerNull::get(builder.getPtrTy()), field(16)); // reg_save_area
    start->eraseFromParent();
  }
}

// Arguments that no register is left for go to memory; the area's address rides along in an operand bundle.
CallInst *lowerSurplusArguments(CallInst &call) {
  Signature signature(call.getFunctionType());
  if (!signature.hasOverflow()) return &call;
  AllocaInst *area = frameArea(*call.getFunction(), signature.overflowSize(), Align(16));
  IRBuilder<> builder(&call);
  for (unsigned i = 0; i < call.getFunctionType()->getNumParams(); ++i)
    if (int64_t offset = signature.overflowOffset(i); offset >= 0)
      builder.CreateAlignedStore(call.getArgOperand(i),
                                 builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), area, offset), Align(16));
  OperandBundleDef bundle(OverflowPlaceholder, static_cast<Value *>(area));
  auto *lowered = cast<CallInst>(CallBase::Create(&call, bundle, call.getIterator()));
  lowered->setDebugLoc(call.getDebugLoc());
  lowered->setTailCallKind(CallInst::TCK_NoTail);
  call.replaceAllUsesWith(lowered);
  call.eraseFromParent();
  return lowered;
}

// Surplus parameters are loaded from the caller's memory on entry.
void lowerSurplusParameters(Function &function) {
  Signature signature(function.getFunctionType());
  if (!signature.hasOverflow()) return;
  Instruction *entry = &*function.getEntryBlock().getFirstInsertionPt();
  while (isa<AllocaInst>(entry)) entry = entry->getNextNode();
  IRBuilder<> builder(entry);
  Value *area = builder.CreateCall(function.getParent()->getOrInsertFunction(OverflowPlaceholder, builder.getPtrTy()));
  for (Argument &argument : function.args()) {
    int64_t offset = signature.overflowOffset(argument.getArgNo());
    if (offset < 0) continue;
    Value *place = builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), area, offset);
    argument.replaceAllUsesWith(builder.CreateAlignedLoad(argument.getType(), place, Align(16)));
  }
}

} // namespace

void lowerArguments(Function &function, const CallClassifier &calls) {
  const DataLayout &layout = function.getParent()->getDataLayout();
  VariableArea variables;
  for (CallInst *call : calls.markedCalls(function)) {
    lowerByVal(*call, layout);
    call = lowerSurplusArguments(*call);
    if (call->getFunctionType()->isVarArg()) lowerVariableArguments(*call, layout, variables);
  }
  lowerVaStart(function);
  lowerSurplusParameters(function);
}

} // namespace hc
