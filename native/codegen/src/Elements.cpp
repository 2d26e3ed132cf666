// SPDX-License-Identifier: GPL-3.0-or-later
// Elements of a vector at an index that is only known when the program runs. Code generators put the vector on the native
// stack for that; here it goes into a variable, which is a part of the portable frame.
#include "Program.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"

using namespace llvm;

namespace hc {
namespace {

class Elements {
public:
  explicit Elements(Function &function) : function(function) {}

  void extract(ExtractElementInst &instruction) {
    IRBuilder<> builder(&instruction);
    Value *vector = inBytes(builder, instruction.getVectorOperand());
    auto *type = cast<FixedVectorType>(vector->getType());
    Value *memory = variable(type);
    builder.CreateStore(vector, memory);
    Value *place = address(builder, type, memory, instruction.getIndexOperand());
    Value *element = builder.CreateLoad(type->getElementType(), place);
    replace(instruction, sized(builder, element, instruction.getType()));
  }

  void insert(InsertElementInst &instruction) {
    IRBuilder<> builder(&instruction);
    Value *vector = inBytes(builder, instruction.getOperand(0));
    auto *type = cast<FixedVectorType>(vector->getType());
    Value *memory = variable(type);
    builder.CreateStore(vector, memory);
    Value *place = address(builder, type, memory, instruction.getOperand(2));
    builder.CreateStore(sized(builder, instruction.getOperand(1), type->getElementType()), place);
    replace(instruction, sized(builder, builder.CreateLoad(type, memory), instruction.getType()));
  }

private:
  // Elements of less than a byte (i1) have no addresses.
  static Value *inBytes(IRBuilder<> &builder, Value *vector) {
    auto *type = cast<FixedVectorType>(vector->getType());
    if (!type->isIntOrIntVectorTy()) return vector;
    unsigned bits = std::max(8U, unsigned(PowerOf2Ceil(type->getScalarSizeInBits())));
    return sized(builder, vector, FixedVectorType::get(builder.getIntNTy(bits), type->getNumElements()));
  }

  static Value *sized(IRBuilder<> &builder, Value *value, Type *type) {
    return value->getType() == type ? value : builder.CreateZExtOrTrunc(value, type);
  }

  // One for all accesses: each writes all of it first.
  AllocaInst *variable(Type *type) {
    AllocaInst *&known = variables[type];
    if (!known) known = IRBuilder<>(&*function.getEntryBlock().getFirstInsertionPt()).CreateAlloca(type);
    return known;
  }

  // An index beyond the end gives any value, but must not touch other memory.
  static Value *address(IRBuilder<> &builder, FixedVectorType *type, Value *memory, Value *index) {
    index = builder.CreateZExtOrTrunc(index, builder.getInt64Ty());
    index = builder.CreateBinaryIntrinsic(Intrinsic::umin, index, builder.getInt64(type->getNumElements() - 1));
    return builder.CreateGEP(type->getElementType(), memory, index);
  }

  static void replace(Instruction &instruction, Value *value) {
    instruction.replaceAllUsesWith(value);
    instruction.eraseFromParent();
  }

  Function &function;
  DenseMap<Type *, AllocaInst *> variables;
};

} // namespace

void lowerVariableElements(Function &function) {
  Elements elements(function);
  for (Instruction &instruction : make_early_inc_range(instructions(function))) {
    if (auto *extract = dyn_cast<ExtractElementInst>(&instruction)) {
      if (!isa<Constant>(extract->getIndexOperand())) elements.extract(*extract);
    } else if (auto *insert = dyn_cast<InsertElementInst>(&instruction)) {
      if (!isa<Constant>(insert->getOperand(2))) elements.insert(*insert);
    }
  }
}

} // namespace hc
