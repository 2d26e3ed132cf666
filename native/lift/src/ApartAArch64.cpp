// SPDX-License-Identifier: GPL-3.0-or-later
// aarch64 instructions that libVEX computes differently from the processor: it rounds vectors' multiply-add twice, takes
// FMAXNM for FMAX, FMULX for FMUL, ties for even and round-to-odd for nearest. Decoded and computed here: Arm ARM C7.2.
#include "ApartAArch64.h"
#include "Emitter.h"

using namespace llvm;

namespace hc {
namespace {

struct Form {
  uint32_t mask, bits;
  enum Shape { Same, Element, Pairs, PairToScalar, Across, Unary, ToGeneral, Narrow } shape;
  enum Operation { MultiplyAdd, MultiplySubtract, MultiplyExtended, MaxNumber, MinNumber, Round, ToSigned, ToUnsigned, ToOdd } operation;
  bool scalar;
};

constexpr Form forms[] = {
    {0xbfa0fc00, 0x0e20cc00, Form::Same, Form::MultiplyAdd, false},
    {0xbfa0fc00, 0x0ea0cc00, Form::Same, Form::MultiplySubtract, false},
    {0xbfa0fc00, 0x0e20c400, Form::Same, Form::MaxNumber, false},
    {0xbfa0fc00, 0x0ea0c400, Form::Same, Form::MinNumber, false},
    {0xbfa0fc00, 0x0e20dc00, Form::Same, Form::MultiplyExtended, false},
    {0xffa0fc00, 0x5e20dc00, Form::Same, Form::MultiplyExtended, true},
    {0xffa0fc00, 0x1e206800, Form::Same, Form::MaxNumber, true},
    {0xffa0fc00, 0x1e207800, Form::Same, Form::MinNumber, true},
    {0xbf80f400, 0x0f801000, Form::Element, Form::MultiplyAdd, false},
    {0xbf80f400, 0x0f805000, Form::Element, Form::MultiplySubtract, false},
    {0xbf80f400, 0x2f809000, Form::Element, Form::MultiplyExtended, false},
    {0xff80f400, 0x5f801000, Form::Element, Form::MultiplyAdd, true},
    {0xff80f400, 0x5f805000, Form::Element, Form::MultiplySubtract, true},
    {0xff80f400, 0x7f809000, Form::Element, Form::MultiplyExtended, true},
    {0xbfa0fc00, 0x2e20c400, Form::Pairs, Form::MaxNumber, false},
    {0xbfa0fc00, 0x2ea0c400, Form::Pairs, Form::MinNumber, false},
    {0xffbffc00, 0x7e30c800, Form::PairToScalar, Form::MaxNumber, true},
    {0xffbffc00, 0x7eb0c800, Form::PairToScalar, Form::MinNumber, true},
    {0xfffffc00, 0x6e30c800, Form::Across, Form::MaxNumber, true},
    {0xfffffc00, 0x6eb0c800, Form::Across, Form::MinNumber, true},
    {0xffbffc00, 0x1e264000, Form::Unary, Form::Round, true},
    {0xbfbffc00, 0x2e218800, Form::Unary, Form::Round, false},
    {0xffbffc00, 0x5e21c800, Form::Unary, Form::ToSigned, true},
    {0xffbffc00, 0x7e21c800, Form::Unary, Form::ToUnsigned, true},
    {0xbfbffc00, 0x0e21c800, Form::Unary, Form::ToSigned, false},
    {0xbfbffc00, 0x2e21c800, Form::Unary, Form::ToUnsigned, false},
    {0x7fbffc00, 0x1e240000, Form::ToGeneral, Form::ToSigned, true},
    {0x7fbffc00, 0x1e250000, Form::ToGeneral, Form::ToUnsigned, true},
    {0xfffffc00, 0x7e616800, Form::Narrow, Form::ToOdd, true},
    {0xbffffc00, 0x2e616800, Form::Narrow, Form::ToOdd, false},
};

const Form *find(uint32_t word) {
  for (const Form &form : forms)
    if ((word & form.mask) == form.bits) return &form;
  return nullptr;
}

class Apart {
public:
  Apart(Emitter &emitter, const Form &form, uint32_t word)
      : emitter(emitter), builder(emitter.builder), form(form), word(word), bits(word & 0x400000 ? 64 : 32), lanes(128 / bits) {
    if (form.shape == Form::Narrow) bits = 64, lanes = 2;
    type = FixedVectorType::get(bits == 64 ? builder.getDoubleTy() : builder.getFloatTy(), lanes);
  }

  void emit() {
    const unsigned to = word & 31;
    switch (form.shape) {
    case Form::Same: return put(to, combine(first(), vector(word >> 16 & 31)));
    case Form::Element: return put(to, combine(first(), element()));
    case Form::Pairs: return pairs(to);
    case Form::PairToScalar: return put(to, combine(first(), builder.CreateShuffleVector(first(), swapped())));
    case Form::Across: return across(to);
    case Form::Unary: return put(to, eachLane([&](Value *value) { return unary(value, bits); }));
    case Form::ToGeneral: return toGeneral(to);
    case Form::Narrow: return narrow(to);
    }
  }

private:
  static unsigned vectorAt(unsigned number) { return unsigned(offsetof(VexGuestARM64State, guest_Q0)) + 16 * number; }
  Value *vector(unsigned number) { return emitter.read(vectorAt(number), type); }
  Value *first() { return vector(word >> 5 & 31); }
  bool wide() const { return word >> 30 & 1; } // Q: all 128 bits

  // A scalar, or half a vector: the rest is zero.
  void put(unsigned number, Value *value) {
    auto *whole = cast<FixedVectorType>(value->getType());
    const unsigned count = whole->getNumElements(), kept = form.scalar ? 1 : wide() ? count : count / 2;
    SmallVector<int, 4> picks;
    for (unsigned i = 0; i < count; ++i) picks.push_back(i < kept ? i : count);
    emitter.write(vectorAt(number), builder.CreateShuffleVector(value, Constant::getNullValue(whole), picks));
  }

  Value *element() {
    const unsigned high = word >> 11 & 1, low = word >> 21 & 1;
    Value *one = builder.CreateExtractElement(vector(word >> 16 & 31), uint64_t(bits == 64 ? high : 2 * high + low));
    return builder.CreateVectorSplat(lanes, one);
  }

  SmallVector<int, 4> swapped() const {
    SmallVector<int, 4> picks;
    for (unsigned i = 0; i < lanes; ++i) picks.push_back(i ^ 1);
    return picks;
  }

  void pairs(unsigned to) {
    const unsigned used = wide() ? lanes : lanes / 2;
    SmallVector<int, 4> even, odd;
    for (unsigned i = 0; i < lanes; ++i) {
      const unsigned from = 2 * i < used ? 2 * i : lanes + (2 * i - used) % lanes;
      even.push_back(from);
      odd.push_back(from + 1);
    }
    Value *low = first(), *high = vector(word >> 16 & 31);
    put(to, combine(builder.CreateShuffleVector(low, high, even), builder.CreateShuffleVector(low, high, odd)));
  }

  void across(unsigned to) {
    Value *value = combine(first(), builder.CreateShuffleVector(first(), swapped()));
    put(to, combine(value, builder.CreateShuffleVector(value, ArrayRef<int>{2, 3, 0, 1})));
  }

  Value *combine(Value *a, Value *b) {
    switch (form.operation) {
    case Form::MultiplyAdd: return fused(a, b);
    case Form::MultiplySubtract: return fused(builder.CreateFNeg(a), b);
    case Form::MultiplyExtended: return extended(a, b);
    default: return number(a, b);
    }
  }

  Value *fused(Value *a, Value *b) { return builder.CreateIntrinsic(Intrinsic::fma, {type}, {a, b, vector(word & 31)}); }

  // Infinity by zero is two.
  Value *extended(Value *a, Value *b) {
    Value *product = builder.CreateFMul(a, b);
    Value *special = builder.CreateAnd(builder.CreateFCmpORD(a, b), builder.CreateFCmpUNO(product, product));
    Value *sign = builder.CreateFMul(builder.CreateBinaryIntrinsic(Intrinsic::copysign, ConstantFP::get(type, 1), a),
                                     builder.CreateBinaryIntrinsic(Intrinsic::copysign, ConstantFP::get(type, 2), b));
    return builder.CreateSelect(special, sign, product);
  }

  // A quiet not-a-number gives way to a number.
  Value *number(Value *a, Value *b) {
    auto *integers = FixedVectorType::get(builder.getIntNTy(bits), lanes);
    const uint64_t quietBit = bits == 64 ? 1ull << 51 : 1ull << 22;
    auto quiet = [&](Value *value) {
      Value *bit = builder.CreateAnd(builder.CreateBitCast(value, integers), ConstantInt::get(integers, quietBit));
      return builder.CreateAnd(builder.CreateFCmpUNO(value, value), builder.CreateIsNotNull(bit));
    };
    Value *both = builder.CreateBinaryIntrinsic(form.operation == Form::MaxNumber ? Intrinsic::maximum : Intrinsic::minimum, a, b);
    Value *aOnly = builder.CreateAnd(quiet(b), builder.CreateFCmpORD(a, a)), *bOnly = builder.CreateAnd(quiet(a), builder.CreateFCmpORD(b, b));
    return builder.CreateSelect(aOnly, a, builder.CreateSelect(bOnly, b, both));
  }

  template <class Make> Value *eachLane(Make make) {
    Value *from = first(), *made = nullptr;
    for (unsigned i = 0; i < lanes; ++i) {
      Value *one = make(builder.CreateExtractElement(from, i));
      if (!made) made = PoisonValue::get(FixedVectorType::get(one->getType(), lanes));
      made = builder.CreateInsertElement(made, one, i);
    }
    return made;
  }

  // To nearest, ties away from zero.
  Value *unary(Value *value, unsigned to) {
    constexpr uint64_t TiesAway = Irrm_NEAREST_TIE_AWAY_0;
    Value *wide = bits == 32 ? builder.CreateFPExt(value, builder.getDoubleTy()) : value;
    Value *rounded = emitter.helper("hc_guest_round", builder.getDoubleTy(), {wide, emitter.word(TiesAway)}, true);
    if (form.operation == Form::Round) return bits == 32 ? builder.CreateFPTrunc(rounded, builder.getFloatTy()) : rounded;
    return builder.CreateIntrinsic(form.operation == Form::ToSigned ? Intrinsic::fptosi_sat : Intrinsic::fptoui_sat,
                                   {builder.getIntNTy(to), builder.getDoubleTy()}, {rounded});
  }

  void toGeneral(unsigned to) {
    if (to == 31) return; // xzr
    Value *value = unary(builder.CreateExtractElement(first(), uint64_t(0)), word >> 31 ? 64 : 32);
    emitter.writeRegister(to, builder.CreateZExt(value, builder.getInt64Ty()));
  }

  // FCVTXN: what is not exact gets an odd last bit, whatever the rounding mode.
  Value *toOdd(Value *value) {
    Type *word = builder.getInt32Ty();
    Value *single = builder.CreateFPTrunc(value, builder.getFloatTy()), *again = builder.CreateFPExt(single, value->getType());
    Value *bits = builder.CreateBitCast(single, word);
    auto magnitude = [&](Value *of) { return builder.CreateUnaryIntrinsic(Intrinsic::fabs, of); };
    Value *away = builder.CreateFCmpOGT(magnitude(again), magnitude(value));
    Value *odd = builder.CreateOr(builder.CreateSelect(away, builder.CreateSub(bits, ConstantInt::get(word, 1)), bits), 1);
    return builder.CreateBitCast(builder.CreateSelect(builder.CreateFCmpONE(again, value), odd, bits), builder.getFloatTy());
  }

  void narrow(unsigned to) {
    Value *made = eachLane([&](Value *value) { return toOdd(value); });
    auto *four = FixedVectorType::get(builder.getFloatTy(), 4);
    Value *zero = Constant::getNullValue(made->getType());
    if (form.scalar) return emitter.write(vectorAt(to), builder.CreateShuffleVector(made, zero, ArrayRef<int>{0, 2, 2, 2}));
    Value *kept = wide() ? emitter.read(vectorAt(to), four) : Constant::getNullValue(four);
    kept = builder.CreateShuffleVector(kept, ArrayRef<int>{0, 1});
    emitter.write(vectorAt(to), wide() ? builder.CreateShuffleVector(kept, made, ArrayRef<int>{0, 1, 2, 3})
                                       : builder.CreateShuffleVector(made, kept, ArrayRef<int>{0, 1, 2, 3}));
  }

  Emitter &emitter;
  IRBuilder<> &builder;
  const Form &form;
  const uint32_t word;
  unsigned bits, lanes;
  FixedVectorType *type;
};

} // namespace

bool isApart(uint32_t word) { return find(word); }

void emitApart(Emitter &emitter, uint32_t word) { Apart(emitter, *find(word), word).emit(); }

} // namespace hc
