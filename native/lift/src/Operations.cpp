// SPDX-License-Identifier: GPL-3.0-or-later
// libVEX's operations in IR: tables by the parts of their names. Vector operations work on lanes of the named width.
#include "Operations.h"
#include "Emitter.h"
#include <cmath>

using namespace llvm;

namespace hc {
namespace {

using Arguments = ArrayRef<Value *>;

class Operations {
public:
  Operations(Emitter &emitter, IRType result) : emitter(emitter), builder(emitter.builder), result(emitter.type(result)) {}

  Value *make(StringRef name, Arguments arguments) {
    if (Value *value = special(name, arguments)) return value;
    if (ConversionName conversion = parseConversion(name); conversion.good)
      if (Value *value = convert(conversion, arguments)) return value;
    if (OperationName operation = parseOperation(name); operation.good) {
      Value *value = operation.kind >= OperationName::Float ? floats(operation, arguments)
                     : operation.lanes                      ? lanes(operation, arguments)
                                                            : scalar(operation, arguments);
      if (value) return value;
    }
    if (ResizeName resize = parseResize(name); resize.good)
      if (Value *value = changeWidth(resize, arguments)) return value;
    return floatConversion(name, arguments);
  }

private:
  // --- integers -----------------------------------------------------------------------------------
  Value *binary(StringRef stem, Value *a, Value *b) {
    struct Entry {
      StringRef stem;
      llvm::Instruction::BinaryOps operation;
    };
    static constexpr Entry table[] = {{"Add", llvm::Instruction::Add}, {"Sub", llvm::Instruction::Sub}, {"Mul", llvm::Instruction::Mul},
                                      {"And", llvm::Instruction::And}, {"Or", llvm::Instruction::Or},   {"Xor", llvm::Instruction::Xor}};
    for (const Entry &entry : table)
      if (entry.stem == stem) return builder.CreateBinOp(entry.operation, a, b);
    return nullptr;
  }

  Value *shift(StringRef stem, Value *value, Value *amount) {
    if (stem == "Shl") return builder.CreateShl(value, amount);
    if (stem == "Shr") return builder.CreateLShr(value, amount);
    if (stem == "Sar") return builder.CreateAShr(value, amount);
    return nullptr;
  }

  static CmpInst::Predicate predicate(StringRef stem, bool isSigned) {
    if (stem == "CmpEQ" || stem == "CasCmpEQ") return CmpInst::ICMP_EQ;
    if (stem == "CmpNE" || stem == "CasCmpNE" || stem == "ExpCmpNE") return CmpInst::ICMP_NE;
    if (stem == "CmpLT") return isSigned ? CmpInst::ICMP_SLT : CmpInst::ICMP_ULT;
    if (stem == "CmpLE") return isSigned ? CmpInst::ICMP_SLE : CmpInst::ICMP_ULE;
    if (stem == "CmpGT") return isSigned ? CmpInst::ICMP_SGT : CmpInst::ICMP_UGT;
    return CmpInst::BAD_ICMP_PREDICATE;
  }

  Value *scalar(const OperationName &name, Arguments a) {
    const bool isSigned = name.kind == OperationName::Signed;
    if (a.size() == 2) {
      if (Value *value = binary(name.stem, a[0], a[1])) return value;
      if (name.stem.starts_with("Sh") || name.stem == "Sar")
        if (Value *value = shift(name.stem, a[0], builder.CreateZExtOrTrunc(a[1], a[0]->getType()))) return value;
      if (CmpInst::Predicate p = predicate(name.stem, isSigned); p != CmpInst::BAD_ICMP_PREDICATE)
        return builder.CreateICmp(p, a[0], a[1]);
      if (name.stem == "MullS" || name.stem == "MullU") return widening(a, name.stem == "MullS");
      if (name.stem == "Max" || name.stem == "Min") return extreme(name, a[0], a[1]);
    }
    if (a.size() != 1) return nullptr;
    if (name.stem == "Not") return builder.CreateNot(a[0]);
    if (name.stem == "CmpNEZ") return builder.CreateIsNotNull(a[0]);
    if (name.stem == "CmpwNEZ") return builder.CreateSExt(builder.CreateIsNotNull(a[0]), a[0]->getType());
    if (name.stem == "Left") return builder.CreateOr(a[0], builder.CreateNeg(a[0]));
    if (name.stem == "Clz" || name.stem == "ClzNat")
      return builder.CreateBinaryIntrinsic(Intrinsic::ctlz, a[0], builder.getFalse());
    if (name.stem == "Ctz" || name.stem == "CtzNat")
      return builder.CreateBinaryIntrinsic(Intrinsic::cttz, a[0], builder.getFalse());
    if (name.stem == "PopCount") return builder.CreateUnaryIntrinsic(Intrinsic::ctpop, a[0]);
    return nullptr;
  }

  Value *extend(Value *value, Type *type, bool isSigned) {
    return isSigned ? builder.CreateSExt(value, type) : builder.CreateZExt(value, type);
  }

  Value *widening(Arguments a, bool isSigned) {
    return builder.CreateMul(extend(a[0], result, isSigned), extend(a[1], result, isSigned));
  }

  Value *extreme(const OperationName &name, Value *a, Value *b) {
    const bool isSigned = name.kind == OperationName::Signed, isMax = name.stem == "Max";
    return builder.CreateBinaryIntrinsic(isSigned ? (isMax ? Intrinsic::smax : Intrinsic::smin) : (isMax ? Intrinsic::umax : Intrinsic::umin), a, b);
  }

  Value *convert(const ConversionName &name, Arguments a) {
    Type *to = builder.getIntNTy(name.to);
    if (name.how == "U" && a.size() == 1) return builder.CreateZExt(a[0], to);
    if (name.how == "S" && a.size() == 1) return builder.CreateSExt(a[0], to);
    if (name.how == "" && a.size() == 1) return builder.CreateTrunc(a[0], to);
    if (name.how == "HI" && a.size() == 1) return builder.CreateTrunc(builder.CreateLShr(a[0], name.to), to);
    if (name.how == "HL" && a.size() == 2) return join(a[0], a[1], to);
    return nullptr;
  }

  Value *join(Value *high, Value *low, Type *to) {
    return builder.CreateOr(builder.CreateShl(builder.CreateZExt(high, to), low->getType()->getIntegerBitWidth()),
                            builder.CreateZExt(low, to));
  }

  // Quotient in the low half, remainder in the high half. The 32-bit ones are computed in 64.
  Value *divide(bool isSigned, Value *dividend, Value *divisor, bool wide) {
    Value *address = emitter.word(emitter.current);
    if (wide) {
      Value *low = builder.CreateTrunc(dividend, builder.getInt64Ty());
      Value *high = builder.CreateTrunc(builder.CreateLShr(dividend, 64), builder.getInt64Ty());
      Type *pair = StructType::get(builder.getInt64Ty(), builder.getInt64Ty());
      Value *both = emitter.helper(isSigned ? "hc_guest_divide_signed" : "hc_guest_divide_unsigned", pair, {high, low, divisor, address});
      return join(builder.CreateExtractValue(both, 1), builder.CreateExtractValue(both, 0), builder.getInt128Ty());
    }
    Type *half = builder.getInt32Ty();
    Value *d = extend(divisor, builder.getInt64Ty(), isSigned);
    emitter.endIf(builder.CreateICmpEQ(divisor, ConstantInt::get(half, 0)), "hc_guest_divide_error");
    if (isSigned) { // the one quotient that overflows even in 64 bits
      Value *least = builder.CreateICmpEQ(dividend, builder.getInt64(1ull << 63));
      emitter.endIf(builder.CreateAnd(least, builder.CreateICmpEQ(d, builder.getInt64(~0ull))), "hc_guest_divide_error");
    }
    Value *quotient = isSigned ? builder.CreateSDiv(dividend, d) : builder.CreateUDiv(dividend, d);
    Value *remainder = isSigned ? builder.CreateSRem(dividend, d) : builder.CreateURem(dividend, d);
    Value *cut = builder.CreateTrunc(quotient, half);
    emitter.endIf(builder.CreateICmpNE(extend(cut, builder.getInt64Ty(), isSigned), quotient), "hc_guest_divide_error");
    return join(builder.CreateTrunc(remainder, half), cut, builder.getInt64Ty());
  }

  // --- vectors of integers --------------------------------------------------------------------------
  FixedVectorType *integers(unsigned bits, unsigned lanes) { return FixedVectorType::get(builder.getIntNTy(bits), lanes); }
  Value *as(Value *value, Type *type) { return builder.CreateBitCast(value, type); }
  Value *back(Value *value) { return as(value, result); }

  Value *lanes(const OperationName &name, Arguments a) {
    FixedVectorType *vector = integers(name.bits, name.lanes);
    const bool isSigned = name.kind == OperationName::Signed;
    if (vector->getPrimitiveSizeInBits() != a[0]->getType()->getPrimitiveSizeInBits()) return nullptr;
    Value *first = as(a[0], vector);
    StringRef stem = name.stem;
    if (a.size() == 1) return oneVector(name, first);
    if (a.size() != 2) return nullptr;
    if (stem.consume_back("N")) { // one amount for all
      if (stem != "Shl" && stem != "Shr" && stem != "Sar") return nullptr;
      Value *amount = builder.CreateZExtOrTrunc(a[1], builder.getIntNTy(name.bits));
      return back(shift(stem, first, builder.CreateVectorSplat(name.lanes, amount)));
    }
    if (a[1]->getType()->getPrimitiveSizeInBits() != vector->getPrimitiveSizeInBits()) return nullptr;
    Value *second = as(a[1], vector);
    if (stem.starts_with("Shl") || stem.starts_with("Shr") || stem == "Sar")
      if (Value *value = shift(stem, first, second)) return back(value);
    if (Value *value = binary(stem, first, second)) return back(value);
    if (stem == "Max" || stem == "Min") return back(extreme(name, first, second));
    if (CmpInst::Predicate p = predicate(stem, isSigned); p != CmpInst::BAD_ICMP_PREDICATE)
      return back(builder.CreateSExt(builder.CreateICmp(p, first, second), vector));
    if (stem == "QAdd")
      return back(builder.CreateBinaryIntrinsic(isSigned ? Intrinsic::sadd_sat : Intrinsic::uadd_sat, first, second));
    if (stem == "QSub")
      return back(builder.CreateBinaryIntrinsic(isSigned ? Intrinsic::ssub_sat : Intrinsic::usub_sat, first, second));
    if (stem == "MulHi" || stem == "Avg") return back(highPart(name, first, second));
    if (stem == "Perm") return back(permute(first, second, name.lanes));
    if (Value *value = shuffle(stem, first, second, name.lanes)) return back(value);
    return nullptr;
  }

  Value *oneVector(const OperationName &name, Value *value) {
    auto *vector = cast<FixedVectorType>(value->getType());
    Value *zero = Constant::getNullValue(vector);
    if (name.stem == "CmpNEZ") return back(builder.CreateSExt(builder.CreateICmpNE(value, zero), vector));
    if (name.stem == "GetMSBs") return as(builder.CreateICmpSLT(value, zero), builder.getIntNTy(name.lanes));
    if (name.stem == "Cnt") return back(builder.CreateUnaryIntrinsic(Intrinsic::ctpop, value));
    if (name.stem == "Abs") return back(builder.CreateBinaryIntrinsic(Intrinsic::abs, value, builder.getFalse()));
    return nullptr;
  }

  Value *highPart(const OperationName &name, Value *a, Value *b) {
    const bool isSigned = name.kind == OperationName::Signed;
    FixedVectorType *narrow = integers(name.bits, name.lanes), *wide = integers(2 * name.bits, name.lanes);
    Value *x = extend(a, wide, isSigned), *y = extend(b, wide, isSigned);
    Value *value = name.stem == "Avg" ? builder.CreateLShr(builder.CreateAdd(builder.CreateAdd(x, y), ConstantInt::get(wide, 1)), 1)
                                      : builder.CreateLShr(builder.CreateMul(x, y), ConstantInt::get(wide, name.bits));
    return builder.CreateTrunc(value, narrow);
  }

  // The operations put the second argument's lanes below the first's.
  Value *shuffle(StringRef stem, Value *first, Value *second, unsigned lanes) {
    SmallVector<int, 32> picks;
    const int n = lanes, half = n / 2;
    if (stem == "InterleaveLO" || stem == "InterleaveHI")
      for (int i = 0, from = stem == "InterleaveHI" ? half : 0; i < half; ++i) {
        picks.push_back(n + from + i);
        picks.push_back(from + i);
      }
    else if (stem == "CatEvenLanes" || stem == "CatOddLanes" || stem == "InterleaveEvenLanes") {
      if (stem == "InterleaveEvenLanes") return nullptr;
      for (int part = 1; part >= 0; --part)
        for (int i = 0; i < half; ++i) picks.push_back(part * n + 2 * i + (stem == "CatOddLanes"));
    } else return nullptr;
    return builder.CreateShuffleVector(first, second, picks);
  }

  Value *permute(Value *vector, Value *indices, unsigned lanes) {
    Value *permuted = PoisonValue::get(vector->getType());
    for (unsigned i = 0; i < lanes; ++i) {
      Value *index = builder.CreateAnd(builder.CreateExtractElement(indices, i), lanes - 1);
      permuted = builder.CreateInsertElement(permuted, builder.CreateExtractElement(vector, index), i);
    }
    return permuted;
  }

  Value *changeWidth(const ResizeName &name, Arguments a) {
    if (name.stem == "NarrowUn" || name.stem == "NarrowBin") {
      FixedVectorType *wide = integers(name.from, name.stem == "NarrowUn" ? name.lanes : name.lanes / 2);
      Value *low = builder.CreateTrunc(as(a.back(), wide), integers(name.to, wide->getNumElements()));
      if (a.size() == 1) return back(low);
      return back(concatenate(low, builder.CreateTrunc(as(a[0], wide), low->getType())));
    }
    if (name.stem == "QNarrowBin" || name.stem == "QNarrowUn") {
      FixedVectorType *wide = integers(name.from, name.stem == "QNarrowUn" ? name.lanes : name.lanes / 2);
      Value *low = saturate(as(a.back(), wide), name);
      return back(a.size() == 1 ? low : concatenate(low, saturate(as(a[0], wide), name)));
    }
    if (name.stem == "Widen") {
      Value *narrow = as(a[0], integers(name.from, name.lanes));
      FixedVectorType *wide = integers(name.to, name.lanes);
      return back(extend(narrow, wide, name.fromSigned));
    }
    return nullptr;
  }

  Value *concatenate(Value *low, Value *high) {
    SmallVector<int, 32> picks;
    for (unsigned i = 0; i < 2 * cast<FixedVectorType>(low->getType())->getNumElements(); ++i) picks.push_back(i);
    return builder.CreateShuffleVector(low, high, picks);
  }

  Value *saturate(Value *wide, const ResizeName &name) {
    APInt least = name.toSigned ? APInt::getSignedMinValue(name.to).sext(name.from) : APInt(name.from, 0);
    APInt most = name.toSigned ? APInt::getSignedMaxValue(name.to).sext(name.from) : APInt::getMaxValue(name.to).zext(name.from);
    Type *type = wide->getType();
    if (!name.fromSigned) {
      wide = builder.CreateBinaryIntrinsic(Intrinsic::umin, wide, ConstantInt::get(type, most));
    } else {
      wide = builder.CreateBinaryIntrinsic(Intrinsic::smax, wide, ConstantInt::get(type, least));
      wide = builder.CreateBinaryIntrinsic(Intrinsic::smin, wide, ConstantInt::get(type, most));
    }
    return builder.CreateTrunc(wide, integers(name.to, cast<FixedVectorType>(type)->getNumElements()));
  }

  // --- floating point ---------------------------------------------------------------------------------
  Type *floating(unsigned bits) { return bits == 32 ? builder.getFloatTy() : builder.getDoubleTy(); }

  Value *arithmetic(StringRef stem, Value *a, Value *b) {
    if (stem == "Add") return builder.CreateFAdd(a, b);
    if (stem == "Sub") return builder.CreateFSub(a, b);
    if (stem == "Mul") return builder.CreateFMul(a, b);
    if (stem == "Div") return builder.CreateFDiv(a, b);
    if (emitter.guest().minimaOrderZeros && (stem == "Min" || stem == "Max"))
      return builder.CreateBinaryIntrinsic(stem == "Min" ? Intrinsic::minimum : Intrinsic::maximum, a, b);
    // MINSD and the like: the second one, unless the first is truly less.
    if (stem == "Min") return builder.CreateSelect(builder.CreateFCmpOLT(a, b), a, b);
    if (stem == "Max") return builder.CreateSelect(builder.CreateFCmpOGT(a, b), a, b);
    return nullptr;
  }

  static CmpInst::Predicate floatPredicate(StringRef stem) {
    if (stem == "CmpEQ") return CmpInst::FCMP_OEQ;
    if (stem == "CmpLT") return CmpInst::FCMP_OLT;
    if (stem == "CmpLE") return CmpInst::FCMP_OLE;
    if (stem == "CmpUN") return CmpInst::FCMP_UNO;
    if (stem == "CmpGT") return CmpInst::FCMP_OGT;
    if (stem == "CmpGE") return CmpInst::FCMP_OGE;
    return CmpInst::BAD_FCMP_PREDICATE;
  }

  // Float: all lanes. LowestFloat: the lowest lane, the others are the first argument's. Packed operations of two
  // arguments and a rounding mode have that first; it is the machine's own already (hc_guest_set_rounding).
  Value *floats(const OperationName &name, Arguments a) {
    if (!name.lanes) return nullptr;
    auto *vector = FixedVectorType::get(floating(name.bits), name.lanes);
    if (a.size() == 3) a = a.drop_front();
    else if (a.size() == 2 && a[0]->getType()->isIntegerTy(32) && name.stem == "Sqrt") a = a.drop_front();
    const bool lowest = name.kind == OperationName::LowestFloat;
    auto pick = [&](Value *value) { return lowest ? builder.CreateExtractElement(as(value, vector), uint64_t(0)) : as(value, vector); };
    Value *computed = nullptr;
    Value *first = pick(a[0]);
    if (a.size() == 2) {
      Value *second = pick(a[1]);
      computed = arithmetic(name.stem, first, second);
      if (CmpInst::Predicate p = floatPredicate(name.stem); !computed && p != CmpInst::BAD_FCMP_PREDICATE) {
        Type *mask = lowest ? builder.getIntNTy(name.bits) : static_cast<Type *>(integers(name.bits, name.lanes));
        computed = builder.CreateBitCast(builder.CreateSExt(builder.CreateFCmp(p, first, second), mask), first->getType());
      }
    } else if (a.size() == 1) {
      if (name.stem == "Sqrt") computed = builder.CreateUnaryIntrinsic(Intrinsic::sqrt, first);
      if (name.stem == "Neg") computed = builder.CreateFNeg(first);
      if (name.stem == "Abs") computed = builder.CreateUnaryIntrinsic(Intrinsic::fabs, first);
    }
    if (!computed) return nullptr;
    return back(lowest ? builder.CreateInsertElement(as(a[0], vector), computed, uint64_t(0)) : computed);
  }

  // "AddF64", "CmpF64", "F64toI32S", "I64StoF64", "F32toF64".
  Value *floatConversion(StringRef name, Arguments a) {
    for (unsigned bits : {32u, 64u}) {
      std::string suffix = "F" + std::to_string(bits);
      if (name.ends_with(suffix)) {
        StringRef stem = name.drop_back(suffix.size());
        if (a.size() == 3)
          if (Value *value = arithmetic(stem, a[1], a[2])) return value;
        if (stem == "Sqrt" && a.size() == 2) return builder.CreateUnaryIntrinsic(Intrinsic::sqrt, a[1]);
        if (stem == "Neg" && a.size() == 1) return builder.CreateFNeg(a[0]);
        if (stem == "Abs" && a.size() == 1) return builder.CreateUnaryIntrinsic(Intrinsic::fabs, a[0]);
        if (stem == "Cmp" && a.size() == 2) return compare(a[0], a[1]);
      }
    }
    if (name == "F32toF64") return builder.CreateFPExt(a[0], result);
    if (name == "F64toF32") return builder.CreateFPTrunc(a[1], result);
    if (name == "RoundF64toInt" || name == "RoundF32toInt") return rounded(a[0], a[1]);
    if (name == "MAddF64" || name == "MAddF32") return builder.CreateIntrinsic(Intrinsic::fma, {result}, {a[1], a[2], a[3]});
    if (name == "MSubF64" || name == "MSubF32")
      return emitter.guest().subtractsProduct
                 ? builder.CreateIntrinsic(Intrinsic::fma, {result}, {builder.CreateFNeg(a[1]), a[2], a[3]})
                 : builder.CreateIntrinsic(Intrinsic::fma, {result}, {a[1], a[2], builder.CreateFNeg(a[3])});
    if (name.consume_front("I")) return fromInteger(name, a);
    if (name.consume_front("F")) return toInteger(name, a);
    return nullptr;
  }

  Value *fromInteger(StringRef name, Arguments a) {
    unsigned from;
    if (name.consumeInteger(10, from)) return nullptr;
    const bool isSigned = name.consume_front("S");
    if (!isSigned) name.consume_front("U");
    if (name == "toF32x4" || name == "toF64x2") {
      auto *vector = FixedVectorType::get(floating(from), 128 / from);
      Value *value = as(a.back(), integers(from, 128 / from));
      return back(isSigned ? builder.CreateSIToFP(value, vector) : builder.CreateUIToFP(value, vector));
    }
    if (name != "toF32" && name != "toF64") return nullptr;
    return isSigned ? builder.CreateSIToFP(a.back(), result) : builder.CreateUIToFP(a.back(), result);
  }

  Value *toInteger(StringRef name, Arguments a) {
    unsigned from, to;
    if (name.consumeInteger(10, from) || !name.consume_front("toI") || name.consumeInteger(10, to)) return nullptr;
    if ((name == "S" || name == "U") && a.size() == 2 && emitter.guest().saturates)
      return builder.CreateIntrinsic(name == "S" ? Intrinsic::fptosi_sat : Intrinsic::fptoui_sat, {builder.getIntNTy(to), a[1]->getType()},
                                     {roundedForInteger(a[0], a[1])});
    if (name == "S" && a.size() == 2) return truncated(roundedForInteger(a[0], a[1]), builder.getIntNTy(to));
    if (name == "Sx4" && a.size() == 2) {
      auto *floats = FixedVectorType::get(builder.getFloatTy(), 4);
      Value *vector = as(a[1], floats), *made = PoisonValue::get(integers(32, 4));
      for (unsigned i = 0; i < 4; ++i)
        made = builder.CreateInsertElement(made, truncated(roundedForInteger(a[0], builder.CreateExtractElement(vector, i)), builder.getInt32Ty()), i);
      return back(made);
    }
    return nullptr;
  }

  // By a rounding mode in libVEX's numbers, which are those of MXCSR.
  Value *rounded(Value *mode, Value *value) {
    auto *known = dyn_cast<ConstantInt>(mode);
    if (known && known->getZExtValue() == Irrm_ZERO) return builder.CreateUnaryIntrinsic(Intrinsic::trunc, value);
    bool narrow = value->getType()->isFloatTy();
    Value *wide = narrow ? builder.CreateFPExt(value, builder.getDoubleTy()) : value;
    Value *integral = emitter.helper("hc_guest_round", builder.getDoubleTy(), {wide, builder.CreateZExt(mode, builder.getInt64Ty())}, true);
    return narrow ? builder.CreateFPTrunc(integral, builder.getFloatTy()) : integral;
  }

  // Conversion to an integer rounds to zero by itself; a fraction that truncated() lets through or not changes no result.
  Value *roundedForInteger(Value *mode, Value *value) {
    auto *known = dyn_cast<ConstantInt>(mode);
    return known && known->getZExtValue() == Irrm_ZERO ? value : rounded(mode, value);
  }

  // What does not fit becomes "integer indefinite": Intel SDM volume 1, 4.2.2.
  Value *truncated(Value *value, Type *to) {
    unsigned bits = to->getIntegerBitWidth();
    Type *type = value->getType();
    const double limit = std::ldexp(1.0, int(bits) - 1);
    Value *fits = builder.CreateAnd(builder.CreateFCmpOGE(value, ConstantFP::get(type, -limit)),
                                    builder.CreateFCmpOLT(value, ConstantFP::get(type, limit)));
    Value *converted = builder.CreateFreeze(builder.CreateFPToSI(value, to));
    return builder.CreateSelect(fits, converted, ConstantInt::get(context(), APInt::getSignedMinValue(bits)));
  }

  Value *compare(Value *a, Value *b) {
    Value *code = builder.CreateSelect(builder.CreateFCmpOLT(a, b), builder.getInt32(Ircr_LT), builder.getInt32(Ircr_GT));
    code = builder.CreateSelect(builder.CreateFCmpOEQ(a, b), builder.getInt32(Ircr_EQ), code);
    return builder.CreateSelect(builder.CreateFCmpUNO(a, b), builder.getInt32(Ircr_UN), code);
  }

  LLVMContext &context() { return emitter.context; }

  // --- names of their own -------------------------------------------------------------------------------
  Value *special(StringRef name, Arguments a) {
    auto low = [&](unsigned bits) { return integers(bits, 128 / bits); };
    Type *words = integers(64, 2);
    auto element = [&](Value *vector, unsigned i) { return builder.CreateExtractElement(vector, i); };
    auto withLow = [&](Value *vector, Value *value) {
      return back(builder.CreateInsertElement(as(vector, low(value->getType()->getIntegerBitWidth())), value, uint64_t(0)));
    };
    if (name == "DivModU64to32" || name == "DivModS64to32") return divide(name[6] == 'S', a[0], a[1], false);
    if (name == "DivModU128to64" || name == "DivModS128to64") return divide(name[6] == 'S', a[0], a[1], true);
    if (name == "And1") return builder.CreateAnd(a[0], a[1]);
    if (name == "Or1") return builder.CreateOr(a[0], a[1]);
    if (name == "Not1") return builder.CreateNot(a[0]);
    if (name.consume_front("Reinterp")) return back(a[0]);
    if (name == "AndV128" || name == "AndV256") return builder.CreateAnd(a[0], a[1]);
    if (name == "OrV128" || name == "OrV256") return builder.CreateOr(a[0], a[1]);
    if (name == "XorV128" || name == "XorV256") return builder.CreateXor(a[0], a[1]);
    if (name == "NotV128" || name == "NotV256") return builder.CreateNot(a[0]);
    if (name == "64HLtoV128")
      return builder.CreateInsertElement(builder.CreateInsertElement(PoisonValue::get(words), a[1], uint64_t(0)), a[0], uint64_t(1));
    if (name == "64UtoV128" || name == "32UtoV128") return withLow(Constant::getNullValue(words), a[0]);
    if (name == "V128to64" || name == "V256to64_0") return element(a[0], 0);
    if (name == "V128HIto64" || name == "V256to64_1") return element(a[0], 1);
    if (name == "V256to64_2") return element(a[0], 2);
    if (name == "V256to64_3") return element(a[0], 3);
    if (name == "V128to32") return element(as(a[0], low(32)), 0);
    if (name == "SetV128lo64" || name == "SetV128lo32") return withLow(a[0], a[1]);
    if (name == "ZeroHI64ofV128") return withLow(Constant::getNullValue(words), element(a[0], 0));
    if (name == "ZeroHI96ofV128") return withLow(Constant::getNullValue(words), element(as(a[0], low(32)), 0));
    if (name == "ZeroHI112ofV128") return withLow(Constant::getNullValue(words), element(as(a[0], low(16)), 0));
    if (name == "ZeroHI120ofV128") return withLow(Constant::getNullValue(words), element(as(a[0], low(8)), 0));
    if (name == "V256toV128_0") return builder.CreateShuffleVector(a[0], ArrayRef<int>{0, 1});
    if (name == "V256toV128_1") return builder.CreateShuffleVector(a[0], ArrayRef<int>{2, 3});
    if (name == "V128HLtoV256") return concatenate(a[1], a[0]);
    if (name == "64x4toV256") {
      Value *vector = PoisonValue::get(result);
      for (unsigned i = 0; i < 4; ++i) vector = builder.CreateInsertElement(vector, a[3 - i], i);
      return vector;
    }
    if (name == "PermOrZero8x16") { // PSHUFB
      Value *vector = as(a[0], low(8)), *indices = as(a[1], low(8));
      Value *permuted = permute(vector, indices, 16);
      return back(builder.CreateSelect(builder.CreateICmpSLT(indices, Constant::getNullValue(low(8))), Constant::getNullValue(low(8)), permuted));
    }
    if (name == "SliceV128") {
      auto *amount = dyn_cast<ConstantInt>(a[2]);
      if (!amount) return nullptr;
      SmallVector<int, 16> picks;
      for (unsigned i = 0; i < 16; ++i) picks.push_back(int(i + amount->getZExtValue()));
      return back(builder.CreateShuffleVector(as(a[1], low(8)), as(a[0], low(8)), picks));
    }
    if (name == "ShlV128" || name == "ShrV128") {
      Value *value = as(a[0], builder.getInt128Ty()), *amount = builder.CreateZExt(a[1], builder.getInt128Ty());
      return back(name == "ShlV128" ? builder.CreateShl(value, amount) : builder.CreateLShr(value, amount));
    }
    return nullptr;
  }

  Emitter &emitter;
  IRBuilder<> &builder;
  Type *result;
};

} // namespace

Value *Emitter::operation(IROp operation, ArrayRef<Value *> arguments) {
  IRType result, ignored[4];
  typeOfPrimop(operation, &result, &ignored[0], &ignored[1], &ignored[2], &ignored[3]);
  const std::string &name = vex::operationName(operation);
  if (Value *value = Operations(*this, result).make(name, arguments)) return value;
  if (Value *value = neonOperation(*this, result, name, arguments)) return value;
  unlifted(name);
  return Constant::getNullValue(type(result));
}

} // namespace hc
