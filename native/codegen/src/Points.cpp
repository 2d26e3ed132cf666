// SPDX-License-Identifier: GPL-3.0-or-later
// Places migration points: loop headers, cycles that are no natural loops, and entries of recursive functions.
#include "Points.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Analysis/AssumptionCache.h"
#include "llvm/Analysis/CycleAnalysis.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/Analysis/ScalarEvolution.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/LoopSimplify.h"
#include <map>
#include <set>

using namespace llvm;

namespace hc {
namespace {

// A loop that calls nothing and runs at most this many instructions needs no point of its own.
constexpr uint64_t ShortLoopWork = 1 << 16;

bool isShort(const Loop &loop, ScalarEvolution &evolution) {
  if (!loop.getSubLoops().empty()) return false;
  unsigned trips = evolution.getSmallConstantMaxTripCount(&loop);
  if (!trips) return false;
  uint64_t size = 0;
  for (BasicBlock *block : loop.blocks())
    for (Instruction &instruction : *block) {
      if (isa<CallBase>(instruction) && (!isa<IntrinsicInst>(instruction) || isa<MemIntrinsic>(instruction))) return false;
      ++size;
    }
  return trips * size <= ShortLoopWork;
}

// Groups of functions that reach each other through direct calls: strongly connected components (Tarjan, iteratively).
// Only functions on a cycle have a group.
std::map<Function *, unsigned> recursionGroups(Module &module) {
  std::map<Function *, std::set<Function *>> callees;
  for (Function &function : module)
    for (Instruction &instruction : instructions(function))
      if (auto *call = dyn_cast<CallBase>(&instruction))
        if (Function *callee = call->getCalledFunction(); callee && !callee->isDeclaration())
          callees[&function].insert(callee);
  std::map<Function *, unsigned> index, low, groups;
  std::set<Function *> onStack;
  std::vector<Function *> stack;
  unsigned next = 1;
  struct Visit {
    Function *function;
    std::set<Function *>::iterator child;
  };
  for (Function &root : module) {
    if (index.count(&root)) continue;
    std::vector<Visit> visits;
    auto enter = [&](Function *function) {
      index[function] = low[function] = next++;
      stack.push_back(function);
      onStack.insert(function);
      visits.push_back({function, callees[function].begin()});
    };
    enter(&root);
    while (!visits.empty()) {
      Visit &visit = visits.back();
      Function *function = visit.function;
      if (visit.child != callees[function].end()) {
        Function *child = *visit.child++;
        if (!index.count(child)) enter(child);
        else if (onStack.count(child)) low[function] = std::min(low[function], index[child]);
        continue;
      }
      if (low[function] == index[function]) {
        std::vector<Function *> component;
        do {
          component.push_back(stack.back());
          onStack.erase(stack.back());
          stack.pop_back();
        } while (component.back() != function);
        if (component.size() > 1 || callees[function].count(function))
          for (Function *member : component) groups[member] = index[function];
      }
      visits.pop_back();
      if (!visits.empty()) low[visits.back().function] = std::min(low[visits.back().function], low[function]);
    }
  }
  return groups;
}

// Gives every loop a preheader.
void simplifyLoops(Function &function) {
  DominatorTree dominators(function);
  LoopInfo loops(dominators);
  for (Loop *loop : loops) simplifyLoop(loop, &dominators, &loops, nullptr, nullptr, nullptr, false);
}

// The places of one function's points.
class PointPlacer {
public:
  PointPlacer(Function &function, Points points, const SmallPtrSetImpl<BasicBlock *> &strips)
      : points(points), strips(strips), dominators(function), loops(dominators), libraryImpl(Triple(isaTriple(Isa::X86_64))),
        library(libraryImpl, &function), assumptions(function), evolution(function, library, assumptions, dominators, loops) {
    cycles.compute(function);
  }

  // `recursiveCalls` may lead back to this function: every way to one of them must pass a point.
  SmallVector<BasicBlock *> place(ArrayRef<CallBase *> recursiveCalls) {
    if (recursiveCalls.empty()) return headersNotServedBy(nullptr);
    // One point before all recursive calls, so that calls that end the recursion pass none ...
    BasicBlock *before = recursiveCalls.front()->getParent();
    for (CallBase *call : recursiveCalls) before = dominators.findNearestCommonDominator(before, call->getParent());
    SmallVector<BasicBlock *> with = headersNotServedBy(before), without = headersNotServedBy(nullptr);
    // ... or none, where a loop's point always comes first.
    bool covered = llvm::any_of(without, [&](BasicBlock *header) { return dominators.dominates(header, before); });
    if (covered && without.size() <= with.size()) return without;
    if (!llvm::is_contained(with, before)) with.push_back(before);
    return with;
  }

  // Cycles that are entered at more than one place are no loops to LoopInfo. Without its header a cycle has only smaller ones
  // in it, which are looked at as well.
  SmallVector<BasicBlock *> irreducibleHeaders() {
    SmallVector<BasicBlock *> headers;
    SmallVector<const Cycle *, 8> work(cycles.toplevel_begin(), cycles.toplevel_end());
    while (!work.empty()) {
      const Cycle *cycle = work.pop_back_val();
      if (!cycle->isReducible()) headers.push_back(cycle->getHeader());
      work.append(cycle->child_begin(), cycle->child_end());
    }
    return headers;
  }

  LoopInfo &loopInfo() { return loops; }
  bool needsNone(const Loop &loop) { return strips.contains(loop.getHeader()) || isShort(loop, evolution); }

private:
  // Headers of loops that need a point. A loop needs none if every round passes another one: `given`, or the header of
  // an inner loop.
  SmallVector<BasicBlock *> headersNotServedBy(BasicBlock *given) {
    SmallVector<BasicBlock *> headers, passed;
    if (given) passed.push_back(given);
    SmallVector<Loop *, 8> order = loops.getLoopsInPreorder();
    for (Loop *loop : llvm::reverse(order)) { // inner before outer
      if (points == Points::Outer && loop->getLoopDepth() > 1) continue;
      if (needsNone(*loop)) continue;
      SmallVector<BasicBlock *, 4> latches;
      loop->getLoopLatches(latches);
      bool served = llvm::any_of(passed, [&](BasicBlock *block) {
        return loop->contains(block) &&
               llvm::all_of(latches, [&](BasicBlock *latch) { return dominators.dominates(block, latch); });
      });
      if (served) continue;
      headers.push_back(loop->getHeader());
      passed.push_back(loop->getHeader());
    }
    return headers;
  }

  Points points;
  const SmallPtrSetImpl<BasicBlock *> &strips; // headers of loops that run a bounded number of rounds
  DominatorTree dominators;
  LoopInfo loops;
  TargetLibraryInfoImpl libraryImpl;
  TargetLibraryInfo library;
  AssumptionCache assumptions;
  ScalarEvolution evolution;
  CycleInfo cycles;
};

} // namespace

// Fast path: one load, compare and branch on hc_control.request.
static void insertPoint(Instruction *before, GlobalVariable *control, FunctionCallee point) {
  IRBuilder<> builder(before);
  Value *request = builder.CreateAlignedLoad(
      builder.getInt32Ty(),
      builder.CreateConstInBoundsGEP1_64(builder.getInt8Ty(), control, symbol::ControlRequestOffset), Align(4),
      /*isVolatile=*/true, "hc.request");
  Value *asked = builder.CreateICmpNE(request, builder.getInt32(0));
  MDNode *cold = MDBuilder(builder.getContext()).createBranchWeights(1, 1 << 20);
  Instruction *then = SplitBlockAndInsertIfThen(asked, before->getIterator(), false, cold);
  CallInst *park = IRBuilder<>(then).CreateCall(point);
  park->setDebugLoc(before->getDebugLoc());
}

void placePoints(Program &program, Points points) {
  Module &module = program.module;
  GlobalVariable *control = module.getNamedGlobal(symbol::Control);
  if (!control) {
    program.error(DebugLoc(), nullptr, "the module has no hc_control", "link it with the runtime (hc-cc does)");
    return;
  }
  auto *type = FunctionType::get(Type::getVoidTy(module.getContext()), false);
  FunctionCallee point = module.getOrInsertFunction(symbol::Park, type);
  std::map<Function *, unsigned> groups = recursionGroups(module);
  for (Function &function : module) {
    if (function.isDeclaration() || function.hasFnAttribute(NativeAttribute)) continue;
    SmallVector<CallInst *> explicitPoints;
    SmallVector<CallBase *> recursiveCalls;
    auto group = groups.find(&function);
    for (Instruction &instruction : instructions(function))
      if (auto *call = dyn_cast<CallInst>(&instruction); call && call->getCalledFunction()) {
        if (call->getCalledFunction()->getName() == symbol::Point) explicitPoints.push_back(call);
        auto other = groups.find(call->getCalledFunction());
        if (group != groups.end() && other != groups.end() && other->second == group->second) recursiveCalls.push_back(call);
      }
    SmallVector<Instruction *> places;
    if (points != Points::Syscalls) {
      SmallPtrSet<BasicBlock *, 8> strips;
      {
        simplifyLoops(function);
        PointPlacer before(function, points, strips);
        strips = stripMineLoops(function, points, before.loopInfo(), [&](const Loop &loop) { return !before.needsNone(loop); });
      }
      PointPlacer placer(function, points, strips);
      SmallSetVector<BasicBlock *, 8> blocks;
      for (BasicBlock *block : placer.place(recursiveCalls)) blocks.insert(block);
      for (BasicBlock *block : placer.irreducibleHeaders()) blocks.insert(block);
      for (BasicBlock *block : blocks) {
        Instruction *place = &*block->getFirstInsertionPt();
        while (isa<AllocaInst>(place)) place = place->getNextNode();
        places.push_back(place);
      }
    }
    for (Instruction *place : places) insertPoint(place, control, point);
    for (CallInst *call : explicitPoints) {
      insertPoint(call, control, point);
      call->eraseFromParent();
    }
  }
}

} // namespace hc
