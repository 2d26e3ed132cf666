// SPDX-License-Identifier: GPL-3.0-or-later
// Operations that only aarch64 has: on lanes, in a width in which nothing is lost, saturated or cut afterwards.
#include "Operations.h"
#include "Emitter.h"

using namespace llvm;

namespace hc {
namespace {

using Arguments = ArrayRef<Value *>;

class NeonOperations {
public:
  NeonOperations(Emitter &emitter, IRType result) : builder(emitter.builder), result(emitter.type(result)) {}

  Value *make(StringRef name, Arguments a) {
    if (name == "DivS32" || name == "DivS64" || name == "DivU32" || name == "DivU64") return divide(name[3] == 'S', a[0], a[1]);
    if (name.consume_front("Reverse")) return reverse(name, a[0]);
    if (name.consume_front("QandQ")) return shiftAndNarrow(name, a);
    if (name.consume_front("QShlNsat")) return shiftAndSaturate(name, a);
    if (name.consume_front("QAddExt")) return addMixed(name, a);
    if (Value *value = halfFloat(name, a)) return value;
    const bool withFlag = name.consume_front("Qand");
    OperationName operation = parseSigned(name);
    if (!operation.good || !operation.lanes) return nullptr;
    if (Value *value = withFlag ? nullptr : lanes(operation, a)) return value;
    return shift(operation, withFlag, a);
  }

private:
  // "SQsh16x8" has its sign in front.
  static OperationName parseSigned(StringRef name) {
    OperationName operation = parseOperation(name);
    if (operation.stem == "SQsh" || operation.stem == "SQRsh") operation.kind = OperationName::Signed;
    return operation;
  }

  // --- types ------------------------------------------------------------------------------------------
  FixedVectorType *integers(unsigned bits, unsigned lanes) { return FixedVectorType::get(builder.getIntNTy(bits), lanes); }
  Value *as(Value *value, Type *type) { return builder.CreateBitCast(value, type); }
  Value *back(Value *value) { return as(value, result); }
  Value *extend(Value *value, Type *type, bool isSigned) {
    return isSigned ? builder.CreateSExt(value, type) : builder.CreateZExt(value, type);
  }
  Value *least(Value *a, Value *b, bool isSigned) { return builder.CreateBinaryIntrinsic(isSigned ? Intrinsic::smin : Intrinsic::umin, a, b); }
  Value *most(Value *a, Value *b, bool isSigned) { return builder.CreateBinaryIntrinsic(isSigned ? Intrinsic::smax : Intrinsic::umax, a, b); }

  // Into the range of `bits`; `wide` is signed and has room for all values that come up.
  Value *saturate(Value *wide, unsigned bits, bool toSigned) {
    const unsigned width = wide->getType()->getScalarSizeInBits();
    APInt low = toSigned ? APInt::getSignedMinValue(bits).sext(width) : APInt(width, 0);
    APInt high = toSigned ? APInt::getSignedMaxValue(bits).sext(width) : APInt::getMaxValue(bits).zext(width);
    return least(most(wide, ConstantInt::get(wide->getType(), low), true), ConstantInt::get(wide->getType(), high), true);
  }
  Value *narrow(Value *wide, unsigned bits) {
    return builder.CreateTrunc(wide, integers(bits, cast<FixedVectorType>(wide->getType())->getNumElements()));
  }
  // 1 when lanes differ, as 64 bits.
  Value *anyDiffers(Value *a, Value *b) {
    return builder.CreateZExt(builder.CreateOrReduce(builder.CreateICmpNE(a, b)), builder.getInt64Ty());
  }

  // --- scalars ----------------------------------------------------------------------------------------
  // Arm ARM C6.2, SDIV, UDIV: by zero it is zero, and what overflows wraps.
  Value *divide(bool isSigned, Value *dividend, Value *divisor) {
    Type *type = dividend->getType();
    Value *zero = Constant::getNullValue(type), *one = ConstantInt::get(type, 1);
    Value *byZero = builder.CreateICmpEQ(divisor, zero);
    if (!isSigned) return builder.CreateSelect(byZero, zero, builder.CreateUDiv(dividend, builder.CreateSelect(byZero, one, divisor)));
    Value *byMinusOne = builder.CreateICmpEQ(divisor, Constant::getAllOnesValue(type));
    Value *safe = builder.CreateSelect(builder.CreateOr(byZero, byMinusOne), one, divisor);
    Value *quotient = builder.CreateSelect(byMinusOne, builder.CreateNeg(dividend), builder.CreateSDiv(dividend, safe));
    return builder.CreateSelect(byZero, zero, quotient);
  }

  // "F16toF64": half precision is in 16-bit integers.
  Value *halfFloat(StringRef name, Arguments a) {
    auto half = [&](Value *value) { return as(value, builder.getHalfTy()); };
    if (name == "F16toF32" || name == "F16toF64") return builder.CreateFPExt(half(a[0]), result);
    if (name == "F32toF16" || name == "F64toF16") return back(builder.CreateFPTrunc(a[1], builder.getHalfTy()));
    return nullptr;
  }

  // --- vectors ----------------------------------------------------------------------------------------
  // "8sIn32_x4": the order of the parts within lanes; "1sIn8_x16".
  Value *reverse(StringRef name, Value *vector) {
    unsigned part, whole, count;
    if (name.consumeInteger(10, part) || !name.consume_front("sIn") || name.consumeInteger(10, whole) || !name.consume_front("_x") ||
        name.consumeInteger(10, count))
      return nullptr;
    if (part == 1) return back(builder.CreateUnaryIntrinsic(Intrinsic::bitreverse, as(vector, integers(whole, count))));
    const int parts = whole / part;
    SmallVector<int, 16> picks;
    for (int lane = 0; lane < int(count); ++lane)
      for (int i = parts - 1; i >= 0; --i) picks.push_back(lane * parts + i);
    return back(builder.CreateShuffleVector(as(vector, integers(part, count * parts)), picks));
  }

  Value *lanes(const OperationName &name, Arguments a) {
    auto *type = integers(name.bits, name.lanes);
    const bool isSigned = name.kind == OperationName::Signed;
    if (a.size() == 1 && a[0]->getType()->getPrimitiveSizeInBits() == type->getPrimitiveSizeInBits()) return oneVector(name, as(a[0], type));
    if (a.size() == 3 && (name.stem == "RecipStep" || name.stem == "RSqrtStep")) return step(name, a[1], a[2]);
    if (a.size() != 2 || a[0]->getType() != a[1]->getType()) return nullptr;
    if (name.stem == "RecipStep" || name.stem == "RSqrtStep") return step(name, a[0], a[1]);
    if (name.kind >= OperationName::Float || a[0]->getType()->getPrimitiveSizeInBits() != type->getPrimitiveSizeInBits()) return nullptr;
    Value *x = as(a[0], type), *y = as(a[1], type);
    auto *twice = integers(2 * name.bits, name.lanes), *fourfold = integers(4 * name.bits, name.lanes);
    if (name.stem == "Mull") return back(builder.CreateMul(extend(x, twice, isSigned), extend(y, twice, isSigned)));
    if (name.stem == "QDMull") {
      Value *product = builder.CreateMul(builder.CreateSExt(x, fourfold), builder.CreateSExt(y, fourfold));
      return back(narrow(saturate(builder.CreateShl(product, 1), 2 * name.bits, true), 2 * name.bits));
    }
    if (name.stem == "QDMulHi" || name.stem == "QRDMulHi") {
      Value *product = builder.CreateShl(builder.CreateMul(builder.CreateSExt(x, fourfold), builder.CreateSExt(y, fourfold)), 1);
      if (name.stem == "QRDMulHi") product = builder.CreateAdd(product, ConstantInt::get(fourfold, 1ull << (name.bits - 1)));
      return back(narrow(saturate(builder.CreateAShr(product, name.bits), name.bits, true), name.bits));
    }
    if (name.stem == "PolynomialMul" || name.stem == "PolynomialMull") return polynomial(name, x, y);
    return nullptr;
  }

  Value *oneVector(const OperationName &name, Value *value) {
    if (name.kind >= OperationName::Float) return nullptr;
    auto count = [&](Value *of) { return builder.CreateBinaryIntrinsic(Intrinsic::ctlz, of, builder.getFalse()); };
    if (name.stem == "Clz") return back(count(value));
    if (name.stem != "Cls") return nullptr;
    // Leading bits that equal the sign, which is not counted itself.
    Value *sign = builder.CreateAShr(value, name.bits - 1);
    return back(builder.CreateSub(count(builder.CreateXor(value, sign)), ConstantInt::get(value->getType(), 1)));
  }

  Value *polynomial(const OperationName &name, Value *x, Value *y) {
    auto *type = name.stem == "PolynomialMull" ? integers(2 * name.bits, name.lanes) : cast<FixedVectorType>(x->getType());
    Value *sum = Constant::getNullValue(type);
    x = builder.CreateZExt(x, type), y = builder.CreateZExt(y, type);
    for (unsigned bit = 0; bit < name.bits; ++bit) {
      Value *has = builder.CreateICmpNE(builder.CreateAnd(y, ConstantInt::get(type, 1ull << bit)), Constant::getNullValue(type));
      sum = builder.CreateXor(sum, builder.CreateSelect(has, builder.CreateShl(x, bit), Constant::getNullValue(type)));
    }
    return back(sum);
  }

  // Arm ARM FPRecipStepFused, FPRSqrtStepFused: 2 - x * y, (3 - x * y) / 2, rounded once; infinity by zero counts as zero.
  Value *step(const OperationName &name, Value *x, Value *y) {
    const bool root = name.stem == "RSqrtStep";
    auto *type = FixedVectorType::get(name.bits == 32 ? builder.getFloatTy() : builder.getDoubleTy(), name.lanes);
    x = as(x, type), y = as(y, type);
    Value *base = ConstantFP::get(type, root ? 3 : 2);
    Value *value = builder.CreateIntrinsic(Intrinsic::fma, {type}, {builder.CreateFNeg(x), y, base});
    Value *both = builder.CreateAnd(builder.CreateFCmpORD(x, y), builder.CreateFCmpUNO(builder.CreateFMul(x, y), Constant::getNullValue(type)));
    value = builder.CreateSelect(both, base, value);
    return back(root ? builder.CreateFMul(value, ConstantFP::get(type, 0.5)) : value);
  }

  // --- shifts -----------------------------------------------------------------------------------------
  // To the right by as many bits as each lane says, after half of the last bit's value was added.
  Value *shiftRight(Value *wide, Value *amount, bool rounding) {
    Value *one = ConstantInt::get(wide->getType(), 1);
    Value *shifted = builder.CreateAShr(wide, amount);
    if (!rounding) return shifted;
    Value *zero = Constant::getNullValue(wide->getType()), *none = builder.CreateICmpEQ(amount, zero);
    Value *before = builder.CreateSelect(none, zero, builder.CreateSub(amount, one));
    Value *half = builder.CreateSelect(none, zero, builder.CreateShl(one, before));
    return builder.CreateAShr(builder.CreateAdd(wide, half), amount);
  }

  // {Sh, Rsh, UQsh, UQRsh, SQsh, SQRsh}: left by the lowest byte of each lane, or right when that is negative.
  Value *shift(const OperationName &name, bool withFlag, Arguments a) {
    StringRef stem = name.stem;
    const bool saturating = stem.consume_front("UQ") || stem.consume_front("SQ");
    const bool isSigned = name.kind == OperationName::Signed, rounding = stem == "Rsh";
    if ((stem != "Sh" && stem != "sh" && !rounding) || saturating != withFlag || a.size() != 2) return nullptr;
    auto *type = integers(name.bits, name.lanes), *wide = integers(2 * name.bits + 2, name.lanes);
    Value *value = extend(as(a[0], type), wide, isSigned);
    Value *amount = builder.CreateSExt(builder.CreateTrunc(as(a[1], type), integers(8, name.lanes)), wide);
    Value *zero = Constant::getNullValue(wide), *limit = ConstantInt::get(wide, name.bits + 1);
    Value *left = builder.CreateShl(value, least(most(amount, zero, true), ConstantInt::get(wide, name.bits), true));
    Value *right = shiftRight(value, least(most(builder.CreateNeg(amount), zero, true), limit, true), rounding);
    Value *shifted = builder.CreateSelect(builder.CreateICmpSLT(amount, zero), right, left);
    if (!saturating) return back(narrow(shifted, name.bits));
    Value *kept = saturate(shifted, name.bits, isSigned);
    Value *words = as(narrow(kept, name.bits), integers(64, 2));
    Value *flag = builder.CreateInsertElement(Constant::getNullValue(integers(64, 2)), anyDiffers(kept, shifted), uint64_t(0));
    return builder.CreateShuffleVector(words, flag, ArrayRef<int>{0, 1, 2, 3});
  }

  // "RShrNnarrow16Uto8Ux8": right by one amount, then into half the width; whether that saturated is in the upper half.
  Value *shiftAndNarrow(StringRef name, Arguments a) {
    const bool rounding = name.consume_front("R");
    if (!name.consume_front("ShrNnarrow") && !name.consume_front("SarNnarrow")) return nullptr;
    ResizeName resize = parseResize(("Narrow" + name).str());
    if (!resize.good) return nullptr;
    auto *wide = integers(2 * resize.from, resize.lanes);
    Value *value = extend(as(a[0], integers(resize.from, resize.lanes)), wide, resize.fromSigned);
    Value *amount = builder.CreateVectorSplat(resize.lanes, builder.CreateZExt(a[1], builder.getIntNTy(2 * resize.from)));
    Value *shifted = shiftRight(value, amount, rounding), *kept = saturate(shifted, resize.to, resize.toSigned);
    Value *low = as(narrow(kept, resize.to), builder.getInt64Ty());
    Value *both = builder.CreateInsertElement(PoisonValue::get(integers(64, 2)), low, uint64_t(0));
    return back(builder.CreateInsertElement(both, anyDiffers(kept, shifted), uint64_t(1)));
  }

  // "SU16x8": left by one amount, from signed to unsigned.
  Value *shiftAndSaturate(StringRef name, Arguments a) {
    const bool fromSigned = name.consume_front("S");
    if (!fromSigned) name.consume_front("U");
    const bool toSigned = name.consume_front("S");
    if (!toSigned) name.consume_front("U");
    OperationName operation = parseOperation(("x" + name).str());
    auto *type = integers(operation.bits, operation.lanes), *wide = integers(2 * operation.bits + 2, operation.lanes);
    Value *amount = builder.CreateVectorSplat(operation.lanes, builder.CreateZExt(a[1], wide->getElementType()));
    Value *shifted = builder.CreateShl(extend(as(a[0], type), wide, fromSigned), amount);
    return back(narrow(saturate(shifted, operation.bits, toSigned), operation.bits));
  }

  // "SUsatUU16x8": the second signed, the first unsigned, the result unsigned.
  Value *addMixed(StringRef name, Arguments a) {
    const bool firstSigned = name.starts_with("S"), toSigned = name.substr(2).starts_with("satSS");
    OperationName operation = parseOperation(("x" + name.substr(7)).str());
    auto *type = integers(operation.bits, operation.lanes), *wide = integers(operation.bits + 2, operation.lanes);
    Value *sum = builder.CreateAdd(extend(as(a[0], type), wide, firstSigned), extend(as(a[1], type), wide, !firstSigned));
    return back(narrow(saturate(sum, operation.bits, toSigned), operation.bits));
  }

  IRBuilder<> &builder;
  Type *result;
};

} // namespace

Value *neonOperation(Emitter &emitter, IRType result, StringRef name, Arguments arguments) {
  return NeonOperations(emitter, result).make(name, arguments);
}

} // namespace hc
