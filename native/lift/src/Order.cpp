// SPDX-License-Identifier: GPL-3.0-or-later
#include "Order.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

namespace hc {
namespace {

constexpr const char *Scope = "hc.guest";
constexpr int64_t Word = 8;

// Functions of the runtime that access the guest's memory.
bool accessesMemory(const CallInst &call) {
  const llvm::Function *callee = call.getCalledFunction();
  StringRef name = callee ? callee->getName() : "";
  if (name.starts_with("hc_guest_repeat_")) return true;
  if (!name.consume_front("hc_x87_")) return false;
  return StringSwitch<bool>(name)
      .Cases("load", "store", "arithmetic_memory", "compare_memory", "save", "restore", true)
      .Cases("load_environment", "store_environment", "load_control", "store_control", true)
      .Default(false);
}

struct Place {
  const Value *base;
  int64_t offset;
  bool operator<(const Place &other) const { return std::tie(base, offset) < std::tie(other.base, other.offset); }
};

Place placeOf(const Value *address) {
  if (auto *cast = dyn_cast<IntToPtrInst>(address)) address = cast->getOperand(0);
  Place place{address, 0};
  while (auto *operation = dyn_cast<BinaryOperator>(place.base)) {
    auto *constant = dyn_cast<ConstantInt>(operation->getOperand(1));
    bool add = operation->getOpcode() == llvm::Instruction::Add, subtract = operation->getOpcode() == llvm::Instruction::Sub;
    if (!constant || !(add || subtract)) break;
    place.offset += add ? constant->getSExtValue() : -constant->getSExtValue();
    place.base = operation->getOperand(0);
  }
  return place;
}

void findPushesAndPops(const BasicBlock &block, const Value *stackPointer, Accesses &found) {
  std::set<Place> tops;
  for (const llvm::Instruction &instruction : block)
    if (auto *store = dyn_cast<StoreInst>(&instruction); store && store->getPointerOperand() == stackPointer)
      tops.insert(placeOf(store->getValueOperand()));
  for (const llvm::Instruction &instruction : block) {
    if (auto *store = dyn_cast<StoreInst>(&instruction); store && tops.count(placeOf(store->getPointerOperand()))) found.insert(store);
    if (auto *load = dyn_cast<LoadInst>(&instruction)) {
      Place place = placeOf(load->getPointerOperand());
      place.offset += Word;
      if (tops.count(place)) found.insert(load);
    }
  }
}

} // namespace

Accesses pushesAndPops(const llvm::Function &code, const Value *stackPointer) {
  Accesses found;
  if (stackPointer)
    for (const BasicBlock &block : code) findPushesAndPops(block, stackPointer, found);
  return found;
}

void orderMemory(Output &output, llvm::Function &code, const Accesses &own) {
  const SyncScope::ID scope = output.context.getOrInsertSyncScopeID(Scope);
  IRBuilder<> builder(output.context);
  auto before = [&](llvm::Instruction &access, AtomicOrdering order) {
    builder.SetInsertPoint(&access);
    builder.CreateFence(order, scope);
  };
  auto after = [&](llvm::Instruction &access, AtomicOrdering order) {
    builder.SetInsertPoint(access.getNextNode());
    builder.CreateFence(order, scope);
  };
  for (BasicBlock &block : code)
    for (llvm::Instruction &access : make_early_inc_range(block)) {
      if (isa<AtomicCmpXchgInst>(access)) {
        before(access, AtomicOrdering::SequentiallyConsistent);
        after(access, AtomicOrdering::SequentiallyConsistent);
        continue;
      }
      auto *call = dyn_cast<CallInst>(&access);
      bool inRuntime = call && accessesMemory(*call);
      bool direct = access.getMetadata(LLVMContext::MD_tbaa) == output.memoryAccess && !own.count(&access);
      if (inRuntime || (direct && isa<StoreInst>(access))) before(access, AtomicOrdering::Release);
      if (inRuntime || (direct && isa<LoadInst>(access))) after(access, AtomicOrdering::Acquire);
    }
}

} // namespace hc
