// SPDX-License-Identifier: GPL-3.0-or-later
// Lowers what looks at the bits of a binary128 to operations on two 64-bit lanes, which both ISAs do in registers. LLVM takes such a
// value through a native stack slot to make it a 128-bit integer, and the slot may be live across a marked call.
#include "Program.h"
#include "llvm/ADT/FloatingPointMode.h"
#include "llvm/CodeGen/AtomicExpandUtils.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace hc {
namespace {

class QuadLowering {
public:
  explicit QuadLowering(Instruction &instruction)
      : builder(&instruction), instruction(instruction), lanes(FixedVectorType::get(builder.getInt64Ty(), 2)) {}

  // What takes the instruction's place; null: it can stay.
  Value *lower() {
    if (auto *cast = dyn_cast<BitCastInst>(&instruction)) return lowerCast(*cast);
    if (instruction.getOpcode() == Instruction::FNeg && instruction.getType()->isFP128Ty())
      return quad(builder.CreateXor(bits(instruction.getOperand(0)), sign()));
    auto *intrinsic = dyn_cast<IntrinsicInst>(&instruction);
    if (!intrinsic || intrinsic->arg_empty() || !intrinsic->getArgOperand(0)->getType()->isFP128Ty()) return nullptr;
    switch (intrinsic->getIntrinsicID()) {
    case Intrinsic::fabs:
      return quad(magnitude(intrinsic->getArgOperand(0)));
    case Intrinsic::copysign:
      return quad(builder.CreateOr(magnitude(intrinsic->getArgOperand(0)),
                                   builder.CreateAnd(bits(intrinsic->getArgOperand(1)), sign())));
    case Intrinsic::is_fpclass:
      return isClass(intrinsic->getArgOperand(0),
                     FPClassTest(cast<ConstantInt>(intrinsic->getArgOperand(1))->getZExtValue()));
    default:
      return nullptr;
    }
  }

private:
  Value *lowerCast(BitCastInst &cast) {
    if (cast.getSrcTy()->isFP128Ty() && cast.getType()->isIntegerTy()) return integer(bits(cast.getOperand(0)));
    if (!cast.getSrcTy()->isIntegerTy() || !cast.getType()->isFP128Ty()) return nullptr;
    Value *low = builder.CreateTrunc(cast.getOperand(0), builder.getInt64Ty());
    Value *high = builder.CreateTrunc(builder.CreateLShr(cast.getOperand(0), 64), builder.getInt64Ty());
    Value *vector = builder.CreateInsertElement(PoisonValue::get(lanes), low, uint64_t(0));
    return quad(builder.CreateInsertElement(vector, high, uint64_t(1)));
  }

  Value *bits(Value *value) { return builder.CreateBitCast(value, lanes); }
  Value *quad(Value *vector) { return builder.CreateBitCast(vector, Type::getFP128Ty(builder.getContext())); }
  Constant *sign() { return ConstantDataVector::get(builder.getContext(), ArrayRef<uint64_t>{0, 1ull << 63}); }
  Value *magnitude(Value *value) {
    return builder.CreateAnd(bits(value), ConstantDataVector::get(builder.getContext(), ArrayRef<uint64_t>{~0ull, ~0ull >> 1}));
  }

  Value *integer(Value *vector) {
    Type *wide = builder.getInt128Ty();
    Value *low = builder.CreateZExt(builder.CreateExtractElement(vector, uint64_t(0)), wide);
    Value *high = builder.CreateZExt(builder.CreateExtractElement(vector, uint64_t(1)), wide);
    return builder.CreateOr(low, builder.CreateShl(high, 64));
  }

  // The classes are ranges of magnitudes; each with a sign, but NaNs.
  Value *isClass(Value *value, FPClassTest wanted) {
    APInt least(128, 0), normal = APInt::getOneBitSet(128, 112), infinity = APInt::getBitsSet(128, 112, 127);
    APInt quiet = infinity | APInt::getOneBitSet(128, 111), end = APInt::getOneBitSet(128, 127);
    const struct {
      FPClassTest positive, negative;
      APInt from, to;
    } ranges[] = {
        {fcPosZero, fcNegZero, least, least + 1},         {fcPosSubnormal, fcNegSubnormal, least + 1, normal},
        {fcPosNormal, fcNegNormal, normal, infinity},     {fcPosInf, fcNegInf, infinity, infinity + 1},
        {fcSNan, fcSNan, infinity + 1, quiet},            {fcQNan, fcQNan, quiet, end},
    };
    Value *number = integer(magnitude(value));
    Value *negative = builder.CreateICmpSLT(builder.CreateExtractElement(bits(value), uint64_t(1)), builder.getInt64(0));
    Value *result = builder.getFalse();
    for (auto &range : ranges) {
      bool positives = wanted & range.positive, negatives = wanted & range.negative;
      if (!positives && !negatives) continue;
      Value *offset = builder.CreateSub(number, builder.getInt(range.from));
      Value *inside = builder.CreateICmpULT(offset, builder.getInt(range.to - range.from));
      if (!negatives) inside = builder.CreateAnd(inside, builder.CreateNot(negative));
      if (!positives) inside = builder.CreateAnd(inside, negative);
      result = builder.CreateOr(result, inside);
    }
    return result;
  }

  IRBuilder<> builder;
  Instruction &instruction;
  Type *lanes;
};

// Atomic objects are 128-bit integers to the code generator; here already, so that the casts are lowered with the others.
void lowerAtomic(Instruction &instruction) {
  IRBuilder<> builder(&instruction);
  Type *wide = builder.getInt128Ty(), *quad = Type::getFP128Ty(builder.getContext());
  if (auto *load = dyn_cast<LoadInst>(&instruction); load && load->isAtomic() && load->getType() == quad) {
    LoadInst *bits = builder.CreateAlignedLoad(wide, load->getPointerOperand(), load->getAlign(), load->isVolatile());
    bits->setAtomic(load->getOrdering(), load->getSyncScopeID());
    load->replaceAllUsesWith(builder.CreateBitCast(bits, quad));
    load->eraseFromParent();
  } else if (auto *store = dyn_cast<StoreInst>(&instruction);
             store && store->isAtomic() && store->getValueOperand()->getType() == quad) {
    store->setOperand(0, builder.CreateBitCast(store->getValueOperand(), wide));
  } else if (auto *update = dyn_cast<AtomicRMWInst>(&instruction); update && update->getType() == quad) {
    expandAtomicRMWToCmpXchg(update, [&](IRBuilderBase &at, Value *address, Value *known, Value *wanted, Align alignment,
                                         AtomicOrdering ordering, SyncScope::ID scope, Value *&success, Value *&found) {
      Value *pair = at.CreateAtomicCmpXchg(address, at.CreateBitCast(known, wide), at.CreateBitCast(wanted, wide), alignment,
                                           ordering, AtomicCmpXchgInst::getStrongestFailureOrdering(ordering), scope);
      found = at.CreateBitCast(at.CreateExtractValue(pair, 0), quad);
      success = at.CreateExtractValue(pair, 1);
    });
  }
}

} // namespace

void lowerQuads(Function &function) {
  SmallVector<Instruction *, 4> atomics;
  for (Instruction &instruction : instructions(function))
    if (instruction.isAtomic()) atomics.push_back(&instruction);
  for (Instruction *instruction : atomics) lowerAtomic(*instruction);
  for (Instruction &instruction : make_early_inc_range(instructions(function)))
    if (Value *lowered = QuadLowering(instruction).lower()) {
      instruction.replaceAllUsesWith(lowered);
      instruction.eraseFromParent();
    }
}

} // namespace hc
