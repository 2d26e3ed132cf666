// SPDX-License-Identifier: GPL-3.0-or-later
// The guest's registers and memory as seen by one function.
#include "Emitter.h"

using namespace llvm;

namespace hc {

Type *Output::typeOf(const Register &which) {
  Type *word = Type::getInt64Ty(context);
  return which.kind == Register::Vector ? static_cast<Type *>(FixedVectorType::get(word, 2)) : word;
}

Value *Output::placeOf(IRBuilder<> &builder, const Register &which) {
  return builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), registers, which.offset);
}

Value *Output::loadRegister(IRBuilder<> &builder, const Register &which) {
  LoadInst *load = builder.CreateAlignedLoad(typeOf(which), placeOf(builder, which), Align(which.size()));
  load->setMetadata(LLVMContext::MD_tbaa, registerAccess);
  return load;
}

void Output::storeRegister(IRBuilder<> &builder, const Register &which, Value *value) {
  StoreInst *store = builder.CreateAlignedStore(value, placeOf(builder, which), Align(which.size()));
  store->setMetadata(LLVMContext::MD_tbaa, registerAccess);
}

AllocaInst *Emitter::variable(const Register &which) {
  AllocaInst *&variable = variables[&which];
  if (!variable) {
    IRBuilder<> top(entry, entry->begin());
    variable = top.CreateAlloca(output.typeOf(which), nullptr, which.name);
  }
  return variable;
}

Value *Emitter::readVariable(const Register &which) {
  if (which.kind == Register::Thread) return output.loadRegister(builder, which);
  AllocaInst *place = variable(which);
  return builder.CreateLoad(place->getAllocatedType(), place);
}

void Emitter::writeVariable(const Register &which, Value *value) {
  if (which.kind == Register::Thread) return output.storeRegister(builder, which, value);
  builder.CreateStore(value, variable(which));
}

Value *Emitter::readRegister(unsigned index) { return readVariable(registersOf(output.guest)[index]); }
void Emitter::writeRegister(unsigned index, Value *value) { writeVariable(registersOf(output.guest)[index], value); }

static unsigned bitsOf(Type *type) { return type->getPrimitiveSizeInBits().getFixedValue(); }

// Any type at any place of libVEX's state: part of a register, one register, or two halves.
Value *Emitter::read(unsigned vexOffset, Type *wanted) {
  unsigned bits = bitsOf(wanted);
  Type *half = FixedVectorType::get(builder.getInt64Ty(), 2);
  if (bits == 256)
    return builder.CreateBitCast(builder.CreateShuffleVector(read(vexOffset, half), read(vexOffset + 16, half), ArrayRef<int>{0, 1, 2, 3}), wanted);
  const Register *which = registerAt(output.guest, vexOffset);
  if (!which || bits > which->size() * 8) {
    unlifted("read of state " + std::to_string(vexOffset));
    return Constant::getNullValue(wanted);
  }
  Value *value = readVariable(*which);
  unsigned shift = vexOffset - which->vexOffset;
  if (which->kind == Register::Vector) {
    if (bits == 128) return builder.CreateBitCast(value, wanted);
    Value *lanes = builder.CreateBitCast(value, FixedVectorType::get(wanted, 128 / bits));
    return builder.CreateExtractElement(lanes, shift * 8 / bits);
  }
  if (shift) value = builder.CreateLShr(value, 8 * shift);
  return builder.CreateBitCast(builder.CreateZExtOrTrunc(value, builder.getIntNTy(bits)), wanted);
}

void Emitter::write(unsigned vexOffset, Value *value) {
  unsigned bits = bitsOf(value->getType());
  if (bits == 256) {
    Value *words = builder.CreateBitCast(value, FixedVectorType::get(builder.getInt64Ty(), 4));
    write(vexOffset, builder.CreateShuffleVector(words, ArrayRef<int>{0, 1}));
    write(vexOffset + 16, builder.CreateShuffleVector(words, ArrayRef<int>{2, 3}));
    return;
  }
  if (isIgnored(output.guest, vexOffset)) return;
  const Register *which = registerAt(output.guest, vexOffset);
  if (!which || bits > which->size() * 8) return unlifted("write of state " + std::to_string(vexOffset));
  unsigned shift = vexOffset - which->vexOffset;
  if (which->kind == Register::Vector) {
    Type *whole = FixedVectorType::get(builder.getInt64Ty(), 2);
    if (bits == 128) return writeVariable(*which, builder.CreateBitCast(value, whole));
    Value *lanes = builder.CreateBitCast(readVariable(*which), FixedVectorType::get(value->getType(), 128 / bits));
    return writeVariable(*which, builder.CreateBitCast(builder.CreateInsertElement(lanes, value, shift * 8 / bits), whole));
  }
  Value *part = builder.CreateZExt(builder.CreateBitCast(value, builder.getIntNTy(bits)), builder.getInt64Ty());
  if (bits == 64) return writeVariable(*which, part);
  APInt mask = APInt::getBitsSet(64, 8 * shift, 8 * shift + bits);
  Value *rest = builder.CreateAnd(readVariable(*which), ConstantInt::get(context, ~mask));
  writeVariable(*which, builder.CreateOr(rest, builder.CreateShl(part, 8 * shift)));
}

// --- memory: the guest's addresses are ours -----------------------------------------------------------

Value *Emitter::load(Type *wanted, Value *address) {
  LoadInst *load = builder.CreateAlignedLoad(wanted, builder.CreateIntToPtr(address, builder.getPtrTy()), Align(1));
  load->setMetadata(LLVMContext::MD_tbaa, output.memoryAccess);
  return load;
}

void Emitter::store(Value *value, Value *address) {
  if (value->getType()->isIntegerTy(1)) value = builder.CreateZExt(value, builder.getInt8Ty());
  StoreInst *store = builder.CreateAlignedStore(value, builder.CreateIntToPtr(address, builder.getPtrTy()), Align(1));
  store->setMetadata(LLVMContext::MD_tbaa, output.memoryAccess);
}

} // namespace hc
