// SPDX-License-Identifier: GPL-3.0-or-later
// Expressions and statements of libVEX's representation.
#include "Emitter.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace hc {

Type *Emitter::type(IRType type) {
  switch (type) {
  case Ity_I1: return builder.getInt1Ty();
  case Ity_I8: return builder.getInt8Ty();
  case Ity_I16:
  case Ity_F16: return builder.getInt16Ty();
  case Ity_I32: return builder.getInt32Ty();
  case Ity_I64: return builder.getInt64Ty();
  case Ity_I128: return builder.getInt128Ty();
  case Ity_F32: return builder.getFloatTy();
  case Ity_F64: return builder.getDoubleTy();
  case Ity_V128: return FixedVectorType::get(builder.getInt64Ty(), 2);
  case Ity_V256: return FixedVectorType::get(builder.getInt64Ty(), 4);
  default: return builder.getInt64Ty();
  }
}

// A vector constant has one bit per byte, all ones or zeros.
static APInt spread(uint32_t mask, unsigned bytes) {
  APInt value(8 * bytes, 0);
  for (unsigned i = 0; i < bytes; ++i)
    if (mask >> i & 1) value.setBits(8 * i, 8 * i + 8);
  return value;
}

Value *Emitter::constant(const IRConst &constant) {
  switch (constant.tag) {
  case Ico_U1: return builder.getInt1(constant.Ico.U1 & 1);
  case Ico_U8: return builder.getInt8(constant.Ico.U8);
  case Ico_U16: return builder.getInt16(constant.Ico.U16);
  case Ico_U32: return builder.getInt32(constant.Ico.U32);
  case Ico_U64: return builder.getInt64(constant.Ico.U64);
  case Ico_F32: return ConstantFP::get(builder.getFloatTy(), constant.Ico.F32);
  case Ico_F32i: return builder.CreateBitCast(builder.getInt32(constant.Ico.F32i), builder.getFloatTy());
  case Ico_F64: return ConstantFP::get(builder.getDoubleTy(), constant.Ico.F64);
  case Ico_F64i: return builder.CreateBitCast(builder.getInt64(constant.Ico.F64i), builder.getDoubleTy());
  case Ico_V128: return builder.CreateBitCast(builder.getInt(spread(constant.Ico.V128, 16)), type(Ity_V128));
  case Ico_V256: return builder.CreateBitCast(builder.getInt(spread(constant.Ico.V256, 32)), type(Ity_V256));
  default: unlifted("constant"); return builder.getInt64(0);
  }
}

Value *Emitter::expression(const IRExpr *expression) {
  const auto &e = expression->Iex;
  auto of = [this](const IRExpr *argument) { return this->expression(argument); };
  switch (expression->tag) {
  case Iex_RdTmp: return temporaries[e.RdTmp.tmp];
  case Iex_Const: return constant(*e.Const.con);
  case Iex_Get: return read(e.Get.offset, type(e.Get.ty));
  case Iex_Load: return load(type(e.Load.ty), of(e.Load.addr));
  case Iex_ITE: {
    Value *condition = of(e.ITE.cond), *yes = of(e.ITE.iftrue), *no = of(e.ITE.iffalse);
    return builder.CreateSelect(condition, yes, no);
  }
  case Iex_Unop: return operation(e.Unop.op, {of(e.Unop.arg)});
  case Iex_Binop: {
    Value *first = of(e.Binop.arg1), *second = of(e.Binop.arg2);
    return operation(e.Binop.op, {first, second});
  }
  case Iex_Triop: {
    const IRTriop &t = *e.Triop.details;
    Value *first = of(t.arg1), *second = of(t.arg2), *third = of(t.arg3);
    return operation(t.op, {first, second, third});
  }
  case Iex_Qop: {
    const IRQop &q = *e.Qop.details;
    Value *first = of(q.arg1), *second = of(q.arg2), *third = of(q.arg3), *fourth = of(q.arg4);
    return operation(q.op, {first, second, third, fourth});
  }
  case Iex_CCall: {
    Type *result = type(e.CCall.retty);
    for (const Helper &helper : output.isa.helpers) {
      if (helper.theirs != e.CCall.cee->name) continue;
      SmallVector<Value *, 6> arguments;
      for (IRExpr **argument = e.CCall.args; *argument; ++argument) arguments.push_back(of(*argument));
      return this->helper(helper.ours, result, arguments, /*pure=*/true);
    }
    unlifted(e.CCall.cee->name);
    return Constant::getNullValue(result);
  }
  default: {
    Type *result = type(typeOfIRExpr(code->tyenv, expression));
    unlifted(expression->tag == Iex_GetI ? "MMX register" : "expression");
    return Constant::getNullValue(result);
  }
  }
}

// Two words are one of twice the size.
static void compareAndSwap(Emitter &emitter, const IRCAS &cas, std::vector<Value *> &temporaries) {
  IRBuilder<> &builder = emitter.builder;
  Type *half = emitter.expression(cas.expdLo)->getType();
  const unsigned bits = half->getIntegerBitWidth();
  const bool two = cas.oldHi != IRTemp_INVALID;
  Type *type = builder.getIntNTy(two ? 2 * bits : bits);
  auto whole = [&](IRExpr *low, IRExpr *high) {
    Value *value = builder.CreateZExt(emitter.expression(low), type);
    return two ? builder.CreateOr(value, builder.CreateShl(builder.CreateZExt(emitter.expression(high), type), bits)) : value;
  };
  Value *pointer = builder.CreateIntToPtr(emitter.expression(cas.addr), builder.getPtrTy());
  Value *expected = whole(cas.expdLo, cas.expdHi), *wanted = whole(cas.dataLo, cas.dataHi);
  auto *exchange = builder.CreateAtomicCmpXchg(pointer, expected, wanted, Align(type->getIntegerBitWidth() / 8),
                                               AtomicOrdering::SequentiallyConsistent, AtomicOrdering::SequentiallyConsistent);
  Value *old = builder.CreateExtractValue(exchange, 0);
  temporaries[cas.oldLo] = builder.CreateTrunc(old, half);
  if (two) temporaries[cas.oldHi] = builder.CreateTrunc(builder.CreateLShr(old, bits), half);
}

// LLVM takes no account of the machine's rounding mode: it must find all values in the struct, which the runtime may change.
void Emitter::setRounding(Value *mode) {
  flush(allRegisters());
  helper("hc_guest_set_rounding", builder.getVoidTy(), {mode});
  reload(allRegisters());
}

void Emitter::statement(const IRStmt &statement) {
  const auto &s = statement.Ist;
  switch (statement.tag) {
  case Ist_NoOp:
  case Ist_AbiHint: return;
  case Ist_IMark: current = s.IMark.addr; return;
  case Ist_MBE: builder.CreateFence(AtomicOrdering::SequentiallyConsistent); return;
  case Ist_Put: {
    Value *value = expression(s.Put.data);
    write(s.Put.offset, value);
    if (s.Put.offset == int(output.isa.rounding)) setRounding(value);
    return;
  }
  case Ist_WrTmp: temporaries[s.WrTmp.tmp] = expression(s.WrTmp.data); return;
  case Ist_Store: {
    Value *address = expression(s.Store.addr);
    store(expression(s.Store.data), address);
    return;
  }
  case Ist_CAS: compareAndSwap(*this, *s.CAS.details, temporaries); return;
  case Ist_Exit: {
    if (s.Exit.jk != Ijk_Boring) return; // checks of alignment, emulation warnings
    Value *condition = expression(s.Exit.guard);
    auto *after = BasicBlock::Create(context, "", lifted);
    builder.CreateCondBr(condition, jumpBlock(s.Exit.dst->Ico.U64), after);
    builder.SetInsertPoint(after);
    return;
  }
  case Ist_Dirty: {
    const IRDirty &dirty = *s.Dirty.details;
    for (const DirtyHelper &helper : output.isa.dirtyHelpers) {
      if (!StringRef(dirty.cee->name).starts_with(helper.theirs) || StringRef(dirty.cee->name).contains("RDTSCP")) continue;
      flush(helper.reads);
      Type *result = dirty.tmp == IRTemp_INVALID ? builder.getVoidTy() : type(typeOfIRTemp(code->tyenv, dirty.tmp));
      Value *value = this->helper(helper.ours, result, {});
      if (dirty.tmp != IRTemp_INVALID) temporaries[dirty.tmp] = value;
      reload(helper.writes);
      return;
    }
    unlifted(dirty.cee->name);
    if (dirty.tmp != IRTemp_INVALID) temporaries[dirty.tmp] = Constant::getNullValue(type(typeOfIRTemp(code->tyenv, dirty.tmp)));
    return;
  }
  default: {
    unlifted(statement.tag == Ist_PutI ? "MMX register" : "statement " + std::to_string(int(statement.tag)));
    IRTemp result = statement.tag == Ist_LoadG  ? s.LoadG.details->dst
                    : statement.tag == Ist_LLSC ? s.LLSC.result
                                                : IRTemp_INVALID;
    if (result != IRTemp_INVALID) temporaries[result] = Constant::getNullValue(type(typeOfIRTemp(code->tyenv, result)));
    return;
  }
  }
}

} // namespace hc
