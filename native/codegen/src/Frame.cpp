// SPDX-License-Identifier: GPL-3.0-or-later
// Moves a function's stack objects to its portable frame.
#include "Portable.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Transforms/Utils/Local.h"
#include <map>

using namespace llvm;

namespace hc {

void rematerialiseAtUses(Instruction &address, function_ref<Value *(IRBuilder<> &)> make) {
  // A PHI has one value per incoming block, even if the block has several edges to it.
  std::map<std::pair<PHINode *, BasicBlock *>, Value *> incoming;
  while (!address.use_empty()) {
    Use &use = *address.use_begin();
    auto *user = cast<Instruction>(use.getUser());
    if (auto *phi = dyn_cast<PHINode>(user)) {
      BasicBlock *block = phi->getIncomingBlock(use);
      Value *&value = incoming[{phi, block}];
      if (!value) {
        IRBuilder<> builder(block->getTerminator());
        value = make(builder);
      }
      use.set(value);
    } else {
      IRBuilder<> builder(user);
      use.set(make(builder));
    }
  }
}

namespace {

// Replaces uses of a stack object by addresses computed from the frame's base, looking through constant offsets.
void replaceByFrameAddress(Instruction &object, uint64_t offset, const Frame &frame, const DataLayout &layout) {
  for (User *user : make_early_inc_range(object.users())) {
    auto *gep = dyn_cast<GetElementPtrInst>(user);
    APInt constant(64, 0);
    if (gep && gep->getPointerOperand() == &object && gep->accumulateConstantOffset(layout, constant)) {
      replaceByFrameAddress(*gep, offset + constant.getSExtValue(), frame, layout);
      gep->eraseFromParent();
    }
  }
  rematerialiseAtUses(object, [&](IRBuilder<> &builder) { return frame.address(builder, offset); });
}

// The thread pointer and addresses relative to it are cheap to compute, and never worth a place in the frame.
void rematerialiseThreadPointer(Function &function, const DataLayout &layout) {
  SmallVector<IntrinsicInst *, 8> pointers;
  for (Instruction &instruction : instructions(function))
    if (auto *intrinsic = dyn_cast<IntrinsicInst>(&instruction);
        intrinsic && intrinsic->getIntrinsicID() == Intrinsic::thread_pointer)
      pointers.push_back(intrinsic);
  for (IntrinsicInst *pointer : pointers) {
    auto fresh = [](IRBuilder<> &builder) { return builder.CreateIntrinsic(Intrinsic::thread_pointer, {}, {}); };
    for (User *user : make_early_inc_range(pointer->users())) {
      auto *gep = dyn_cast<GetElementPtrInst>(user);
      APInt constant(64, 0);
      if (!gep || !gep->accumulateConstantOffset(layout, constant)) continue;
      rematerialiseAtUses(*gep, [&](IRBuilder<> &builder) {
        return builder.CreateConstGEP1_64(builder.getInt8Ty(), fresh(builder), constant.getSExtValue());
      });
      gep->eraseFromParent();
    }
    rematerialiseAtUses(*pointer, fresh);
    pointer->eraseFromParent();
  }
}

// A field's address is an addition, mostly folded into the access: computing it again beats a place in the frame. Later ones
// first, so that an address derived from another follows it.
void rematerialiseFieldAddresses(Function &function) {
  SmallVector<GetElementPtrInst *, 32> addresses;
  for (Instruction &instruction : instructions(function))
    if (auto *address = dyn_cast<GetElementPtrInst>(&instruction); address && address->hasAllConstantIndices())
      addresses.push_back(address);
  for (GetElementPtrInst *address : llvm::reverse(addresses)) {
    rematerialiseAtUses(*address, [&](IRBuilder<> &builder) { return builder.Insert(address->clone()); });
    address->eraseFromParent();
  }
}

// The results of a call are taken apart right after it, so that no aggregate lives across another call.
void hoistResultExtraction(Function &function) {
  for (Instruction &instruction : make_early_inc_range(instructions(function)))
    if (auto *extract = dyn_cast<ExtractValueInst>(&instruction))
      if (auto *call = dyn_cast<CallInst>(extract->getAggregateOperand())) extract->moveAfter(call);
}

// Objects of variable size grow the frame. The word below the data-stack pointer that callees get holds the
// frame's base (abi.h, HC_SITE_DYNAMIC), which is found again there after a call.
void lowerDynamicAllocas(Function &function, Frame &frame) {
  SmallVector<Instruction *, 8> dynamic;
  for (Instruction &instruction : instructions(function)) {
    if (auto *object = dyn_cast<AllocaInst>(&instruction); object && !object->isStaticAlloca()) dynamic.push_back(object);
    if (auto *intrinsic = dyn_cast<IntrinsicInst>(&instruction))
      if (intrinsic->getIntrinsicID() == Intrinsic::stacksave || intrinsic->getIntrinsicID() == Intrinsic::stackrestore)
        dynamic.push_back(intrinsic);
  }
  if (dynamic.empty()) return;
  const DataLayout &layout = function.getParent()->getDataLayout();
  frame.dynamic = true;
  frame.top = frame.place(8, Align(8));
  for (Instruction *instruction : dynamic) {
    IRBuilder<> builder(instruction);
    Value *place = frame.address(builder, frame.top);
    if (auto *object = dyn_cast<AllocaInst>(instruction)) {
      // From the old top: padding for the alignment, the object, the word for the base, rounded up to 16.
      Align alignment = std::max(object->getAlign(), Align(16));
      Type *word = builder.getInt64Ty();
      Value *count = builder.CreateZExtOrTrunc(object->getArraySize(), word);
      Value *bytes = builder.CreateMul(count, builder.getInt64(layout.getTypeAllocSize(object->getAllocatedType())));
      Value *top = builder.CreatePtrToInt(builder.CreateLoad(builder.getPtrTy(), place), word);
      Value *start = builder.CreateAnd(builder.CreateAdd(top, builder.getInt64(alignment.value() - 1)),
                                       builder.getInt64(-int64_t(alignment.value())));
      Value *end = builder.CreateAnd(builder.CreateAdd(builder.CreateAdd(start, bytes), builder.getInt64(8 + 15)),
                                     builder.getInt64(-16));
      Value *newTop = builder.CreateIntToPtr(end, builder.getPtrTy());
      builder.CreateStore(newTop, place);
      builder.CreateStore(builder.CreateLoad(builder.getPtrTy(), frame.base),
                          builder.CreateConstGEP1_64(builder.getInt8Ty(), newTop, -8));
      object->replaceAllUsesWith(builder.CreateIntToPtr(start, builder.getPtrTy()));
    } else if (cast<IntrinsicInst>(instruction)->getIntrinsicID() == Intrinsic::stacksave) {
      instruction->replaceAllUsesWith(builder.CreateLoad(builder.getPtrTy(), place));
    } else {
      builder.CreateStore(cast<IntrinsicInst>(instruction)->getArgOperand(0), place);
    }
    instruction->eraseFromParent();
  }
}

} // namespace

Frame buildFrame(Function &function, const CallClassifier &calls) {
  const DataLayout &layout = function.getParent()->getDataLayout();
  for (Instruction &instruction : make_early_inc_range(instructions(function)))
    if (instruction.isLifetimeStartOrEnd() || isa<DbgInfoIntrinsic>(instruction)) instruction.eraseFromParent();
  removeUnreachableBlocks(function);
  hoistResultExtraction(function);
  rematerialiseThreadPointer(function, layout);
  if (!calls.markedCalls(function).empty()) rematerialiseFieldAddresses(function);

  SmallVector<AllocaInst *, 16> objects;
  for (Instruction &instruction : instructions(function))
    if (auto *object = dyn_cast<AllocaInst>(&instruction); object && object->isStaticAlloca()) objects.push_back(object);
  Frame frame;
  IRBuilder<> entry(&*function.getEntryBlock().getFirstInsertionPt());
  frame.base = entry.CreateAlloca(entry.getPtrTy(), nullptr, "hc.base");
  Instruction *baseInit = entry.CreateStore(PoisonValue::get(entry.getPtrTy()), frame.base);
  baseInit->setMetadata(BaseInitMetadata, MDNode::get(function.getContext(), {}));
  for (AllocaInst *object : objects) {
    uint64_t bytes = object->getAllocationSize(layout)->getFixedValue();
    if (uint64_t alignment = object->getAlign().value(); alignment > 16) { // frames are aligned to 16
      uint64_t offset = frame.place(bytes + alignment - 16, Align(16)) + alignment - 16;
      rematerialiseAtUses(*object, [&](IRBuilder<> &builder) {
        return builder.CreateIntrinsic(Intrinsic::ptrmask, {builder.getPtrTy(), builder.getInt64Ty()},
                                       {frame.address(builder, offset), builder.getInt64(-int64_t(alignment))});
      });
      object->eraseFromParent();
      continue;
    }
    uint64_t offset = frame.place(bytes, std::max(object->getAlign(), Align(bytes >= 16 ? 16 : 1)));
    replaceByFrameAddress(*object, offset, frame, layout);
    object->eraseFromParent();
  }
  lowerDynamicAllocas(function, frame);
  for (CallInst *call : calls.markedCalls(function))
    if (CallClassifier::isSetjmp(*call)) frame.place(16, Align(16)); // a base of its own identifies the frame
  spillAcrossCalls(function, calls, frame);
  frame.size = alignTo(frame.size + (frame.dynamic ? 8 : 0), 16);
  if (frame.dynamic) {
    // On entry the variable part is empty.
    IRBuilder<> builder(baseInit->getNextNode());
    Value *base = builder.CreateLoad(builder.getPtrTy(), frame.base);
    Value *top = builder.CreateConstGEP1_64(builder.getInt8Ty(), base, frame.size);
    builder.CreateStore(top, frame.address(builder, frame.top));
    builder.CreateStore(base, builder.CreateConstGEP1_64(builder.getInt8Ty(), base, frame.size - 8));
  }
  return frame;
}

} // namespace hc
