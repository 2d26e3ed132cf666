// SPDX-License-Identifier: GPL-3.0-or-later
// Takes the point out of inner counting loops: they run in strips, and the point stands between two strips.
//
//     do { body; } while (++i != n);      becomes      do { point;
//                                                           m = n is far ? i + strip : n;
//                                                           do { body; } while (++i != m);
//                                                      } while (i != n);
#include "Points.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include <optional>

using namespace llvm;

namespace hc {
namespace {

constexpr uint64_t StripRounds = 1 << 14;
constexpr unsigned LargestBody = 200; // instructions: a strip takes a millisecond or so at most

// The compare that ends the loop: `counter` against `bound`, where counter is a header PHI plus a constant, or one step after it.
struct LoopEnd {
  BranchInst *branch;
  ICmpInst *compare;
  unsigned counterOperand;
  PHINode *phi;
  int64_t offset, step; // counter = phi + offset; each round adds step (bytes, for pointers)
  bool exitsOnTrue;
  Value *variableStep = nullptr; // instead of step: the same in all rounds; offset is then 0, or 1 for one step
  Value *bound() const { return compare->getOperand(1 - counterOperand); }
  // Predicate, with the counter on the left, under which the loop goes on.
  CmpInst::Predicate goesOn() const {
    auto predicate = counterOperand == 0 ? compare->getPredicate() : compare->getSwappedPredicate();
    return exitsOnTrue ? CmpInst::getInversePredicate(predicate) : predicate;
  }
};

// value = base + offset?
std::optional<int64_t> offsetFrom(Value *value, Value *base, const DataLayout &layout) {
  if (value == base) return 0;
  if (auto *add = dyn_cast<BinaryOperator>(value);
      add && add->getOpcode() == Instruction::Add && add->getOperand(0) == base)
    if (auto *constant = dyn_cast<ConstantInt>(add->getOperand(1)); constant && constant->getBitWidth() <= 64)
      return constant->getSExtValue();
  if (auto *gep = dyn_cast<GetElementPtrInst>(value); gep && gep->getPointerOperand() == base) {
    APInt offset(64, 0);
    if (gep->accumulateConstantOffset(layout, offset)) return offset.getSExtValue();
  }
  return std::nullopt;
}

std::optional<LoopEnd> findEnd(const Loop &loop, const DataLayout &layout) {
  BasicBlock *header = loop.getHeader(), *latch = loop.getLoopLatch();
  if (!latch || !loop.getLoopPreheader()) return std::nullopt;
  auto *branch = dyn_cast<BranchInst>(latch->getTerminator());
  if (!branch || !branch->isConditional()) return std::nullopt;
  auto *compare = dyn_cast<ICmpInst>(branch->getCondition());
  if (!compare || !compare->hasOneUse() || !loop.contains(compare)) return std::nullopt;
  bool exitsOnTrue = branch->getSuccessor(1) == header;
  if (!exitsOnTrue && branch->getSuccessor(0) != header) return std::nullopt;
  for (unsigned operand : {0u, 1u}) {
    if (!loop.isLoopInvariant(compare->getOperand(1 - operand))) continue;
    for (PHINode &phi : header->phis()) {
      if (phi.getType() != compare->getOperand(operand)->getType()) continue;
      auto offset = offsetFrom(compare->getOperand(operand), &phi, layout);
      auto step = offsetFrom(phi.getIncomingValueForBlock(latch), &phi, layout);
      if (!offset || !step || *step == 0 || *step < -4096 || *step > 4096) continue;
      return LoopEnd{branch, compare, operand, &phi, *offset, *step, exitsOnTrue};
    }
    for (PHINode &phi : header->phis()) {
      auto *next = dyn_cast<BinaryOperator>(phi.getIncomingValueForBlock(latch));
      if (!next || next->getOpcode() != Instruction::Add) continue;
      unsigned stepOperand = next->getOperand(0) == &phi ? 1 : 0;
      if (next->getOperand(1 - stepOperand) != &phi || !loop.isLoopInvariant(next->getOperand(stepOperand))) continue;
      Value *counter = compare->getOperand(operand);
      if (counter == &phi || counter == next)
        return LoopEnd{branch, compare, operand, &phi, counter == next, 1, exitsOnTrue, next->getOperand(stepOperand)};
    }
  }
  return std::nullopt;
}

bool isPlainBody(const Loop &loop) {
  unsigned size = 0;
  for (BasicBlock *block : loop.blocks())
    for (Instruction &instruction : *block) {
      if (++size > LargestBody) return false;
      auto *call = dyn_cast<CallBase>(&instruction);
      if (call && (!isa<IntrinsicInst>(call) || isa<MemIntrinsic>(call))) return false;
    }
  return true;
}

// Does the direction of the steps lead to the bound? (i != n always does, one way or the other.)
bool leadsToBound(const LoopEnd &end) {
  switch (end.goesOn()) {
  case CmpInst::ICMP_NE: return !end.variableStep;
  case CmpInst::ICMP_ULT: case CmpInst::ICMP_ULE: case CmpInst::ICMP_SLT: case CmpInst::ICMP_SLE: return end.step > 0;
  case CmpInst::ICMP_UGT: case CmpInst::ICMP_UGE: case CmpInst::ICMP_SGT: case CmpInst::ICMP_SGE: return end.step < 0;
  default: return false;
  }
}

void stripMine(Loop &loop, const LoopEnd &end) {
  BasicBlock *header = loop.getHeader(), *latch = loop.getLoopLatch(), *preheader = loop.getLoopPreheader();
  LLVMContext &context = header->getContext();
  Function *function = header->getParent();
  BasicBlock *exit = end.branch->getSuccessor(end.exitsOnTrue ? 0 : 1);
  BasicBlock *strip = BasicBlock::Create(context, "hc.strip", function, header);
  BasicBlock *between = BasicBlock::Create(context, "hc.between", function, exit);

  // The strip's head takes over the way in.
  IRBuilder<> builder(strip);
  PHINode *counterPhi = nullptr;
  for (PHINode &phi : header->phis()) {
    PHINode *outer = builder.CreatePHI(phi.getType(), 2);
    outer->addIncoming(phi.getIncomingValueForBlock(preheader), preheader);
    outer->addIncoming(phi.getIncomingValueForBlock(latch), between);
    phi.setIncomingValue(phi.getBasicBlockIndex(preheader), outer);
    phi.replaceIncomingBlockWith(preheader, strip);
    if (&phi == end.phi) counterPhi = outer;
  }
  preheader->getTerminator()->replaceSuccessorWith(header, strip);

  // Where this strip ends.
  Value *bound = end.bound();
  uint64_t length = StripRounds * uint64_t(std::abs(end.step));
  Value *first, *distance, *near, *far;
  if (end.variableStep) {
    // Upwards. A step so large that a strip overflows ends the loop in fewer rounds than a strip has.
    Type *type = bound->getType();
    unsigned width = type->getIntegerBitWidth();
    first = end.offset ? builder.CreateAdd(counterPhi, end.variableStep) : counterPhi;
    Value *strip = builder.CreateMul(end.variableStep, ConstantInt::get(type, StripRounds));
    near = builder.CreateAdd(first, strip);
    distance = builder.CreateSub(bound, first);
    far = builder.CreateAnd(builder.CreateICmpULT(end.variableStep, ConstantInt::get(type, APInt::getOneBitSet(width, width - 16))),
                            builder.CreateICmpUGT(distance, strip));
  } else if (bound->getType()->isPointerTy()) {
    Type *word = builder.getInt64Ty();
    first = end.offset ? builder.CreateGEP(builder.getInt8Ty(), counterPhi, builder.getInt64(end.offset)) : counterPhi;
    Value *a = builder.CreatePtrToInt(bound, word), *b = builder.CreatePtrToInt(first, word);
    distance = end.step > 0 ? builder.CreateSub(a, b) : builder.CreateSub(b, a);
    near = builder.CreateGEP(builder.getInt8Ty(), first, builder.getInt64(end.step > 0 ? length : -int64_t(length)));
  } else {
    Type *type = bound->getType();
    first = end.offset ? builder.CreateAdd(counterPhi, ConstantInt::getSigned(type, end.offset)) : counterPhi;
    distance = end.step > 0 ? builder.CreateSub(bound, first) : builder.CreateSub(first, bound);
    near = builder.CreateAdd(first, ConstantInt::getSigned(type, end.step > 0 ? int64_t(length) : -int64_t(length)));
  }
  if (!end.variableStep) far = builder.CreateICmpUGT(distance, ConstantInt::get(distance->getType(), length));
  if (end.goesOn() != CmpInst::ICMP_NE) far = builder.CreateAnd(far, builder.CreateICmp(end.goesOn(), first, bound));
  Value *stripEnd = builder.CreateSelect(far, near, bound);
  builder.CreateBr(header);

  // The inner loop runs to the strip's end; there the real bound is looked at.
  Value *counter = end.compare->getOperand(end.counterOperand);
  end.compare->setOperand(1 - end.counterOperand, stripEnd);
  end.compare->dropPoisonGeneratingFlags();
  end.branch->setSuccessor(end.exitsOnTrue ? 0 : 1, between);
  end.branch->setMetadata(LLVMContext::MD_loop, nullptr);
  for (PHINode &phi : exit->phis()) phi.replaceIncomingBlockWith(latch, between);
  IRBuilder<> check(between);
  Value *more = check.CreateICmp(end.goesOn(), counter, bound);
  check.CreateCondBr(more, strip, exit, MDBuilder(context).createBranchWeights(1, 1 << 10));
}

} // namespace

SmallPtrSet<BasicBlock *, 8> stripMineLoops(Function &function, Points points, LoopInfo &loops,
                                            function_ref<bool(const Loop &)> needsPoint) {
  SmallPtrSet<BasicBlock *, 8> inner;
  if (points == Points::Syscalls) return inner;
  const DataLayout &layout = function.getParent()->getDataLayout();
  SmallVector<std::pair<Loop *, LoopEnd>, 8> found; // all before the first change makes the analyses stale
  for (Loop *loop : loops.getLoopsInPreorder()) {
    if (!loop->isInnermost() || (points == Points::Outer && loop->getLoopDepth() > 1)) continue;
    if (!needsPoint(*loop) || !isPlainBody(*loop)) continue;
    auto end = findEnd(*loop, layout);
    if (!end || !leadsToBound(*end)) continue;
    // Narrow counters: a strip must fit in them.
    if (auto *type = dyn_cast<IntegerType>(end->bound()->getType()); type && type->getBitWidth() < 32) continue;
    found.push_back({loop, *end});
  }
  for (auto &[loop, end] : found) {
    inner.insert(loop->getHeader());
    stripMine(*loop, end);
  }
  return inner;
}

} // namespace hc
