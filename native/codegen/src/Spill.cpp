// SPDX-License-Identifier: GPL-3.0-or-later
// Gives every SSA value that lives across a marked call a place in the portable frame, and decides where it is stored and loaded.
//
// Calls are hot, migration points cold: at a point, stores and loads sit in the cold block that calls
// the park routine, so that the fast path keeps values in registers. For hot calls there are two ways:
//   - stored once (at the coldest block that dominates the calls, or before each call), loaded again after the call;
//   - kept in memory: stored at the definition, loaded at each use that a hot call may precede.
#include "Portable.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/BlockFrequencyInfo.h"
#include "llvm/Analysis/BranchProbabilityInfo.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/Dominators.h"
#include "llvm/IR/InstIterator.h"
#include <map>

using namespace llvm;

namespace hc {
namespace {

constexpr unsigned AtBlockEnd = ~0u; // position of a PHI's use: the end of the incoming block

enum class EventKind { Define, Store, Use, HotCall, ColdCall }; // in the order they take effect at one instruction

struct Event {
  unsigned position;
  EventKind kind;
  Use *use = nullptr;
  CallInst *call = nullptr;
};

struct Plan {
  Value *value;
  uint64_t offset;
  AllocaInst *variable = nullptr;
  SmallVector<Instruction *, 4> storeBefore;
  SmallVector<CallInst *, 8> loadAfter;
  SmallPtrSet<Use *, 8> memoryUses;
};

// What all values of a function share.
struct Context {
  Function &function;
  DominatorTree dominators;
  LoopInfo loops;
  BranchProbabilityInfo probabilities;
  BlockFrequencyInfo frequencies;
  DenseMap<Instruction *, unsigned> position;
  DenseMap<BasicBlock *, unsigned> order; // reverse post order
  std::vector<CallInst *> calls;
  DenseMap<BasicBlock *, SmallVector<CallInst *, 2>> callsIn;
  bool returnsTwice = false;

  Context(Function &function, std::vector<CallInst *> marked)
      : function(function), dominators(function), loops(dominators), probabilities(function, loops),
        frequencies(function, probabilities, loops), calls(std::move(marked)) {
    unsigned next = 1, blocks = 0;
    for (BasicBlock &block : function)
      for (Instruction &instruction : block) position[&instruction] = next++;
    for (BasicBlock *block : ReversePostOrderTraversal<Function *>(&function)) order[block] = blocks++;
    for (CallInst *call : calls) {
      callsIn[call->getParent()].push_back(call);
      if (CallClassifier::isSetjmp(*call)) returnsTwice = true;
    }
  }
  double frequency(BasicBlock *block) { return double(frequencies.getBlockFreq(block).getFrequency()); }
};

// One value: where it lives, which calls it crosses, and the plan for it.
class ValuePlanner {
public:
  ValuePlanner(Context &context, Value &value) : context(context), value(value) {
    definition = dyn_cast<Instruction>(&value);
    home = definition ? definition->getParent() : &context.function.getEntryBlock();
    definedAt = definition ? context.position[definition] : 0;
  }

  // False if the value crosses no marked call.
  bool findCrossings() {
    SmallVector<BasicBlock *, 16> work;
    for (Use &use : value.uses()) {
      auto [block, at] = placeOf(use);
      unsigned &last = lastUse[block];
      last = std::max(last, at);
      if (at == AtBlockEnd) liveOut.insert(block);
      if (block != home && liveIn.insert(block).second) work.push_back(block);
    }
    while (!work.empty()) {
      BasicBlock *block = work.pop_back_val();
      for (BasicBlock *predecessor : predecessors(block)) {
        liveOut.insert(predecessor);
        if (predecessor != home && liveIn.insert(predecessor).second) work.push_back(predecessor);
      }
    }
    auto collect = [&](BasicBlock *block) {
      auto found = context.callsIn.find(block);
      if (found == context.callsIn.end()) return;
      bool out = liveOut.count(block);
      unsigned last = out ? AtBlockEnd : lastUse.lookup(block);
      for (CallInst *call : found->second) {
        unsigned at = context.position[call];
        bool defined = block == home ? at > definedAt : true;
        if (call != &value && defined && last > at) crossed.push_back(call);
      }
    };
    collect(home);
    for (BasicBlock *block : liveIn) collect(block);
    llvm::sort(crossed, [&](CallInst *a, CallInst *b) { return context.position[a] < context.position[b]; });
    return !crossed.empty();
  }

  Plan plan(uint64_t offset) {
    Plan result;
    result.value = &value;
    result.offset = offset;
    buildEvents();
    SmallVector<CallInst *, 8> hot;
    for (CallInst *call : crossed)
      if (!CallClassifier::isPark(*call)) hot.push_back(call);
    Instruction *store = nullptr;
    bool everywhere = false; // stored at the definition, so never needs another store
    if (context.returnsTwice) {
      // The second return of setjmp comes from a place the control-flow graph doesn't show.
      store = afterDefinition();
      everywhere = true;
    } else if (!hot.empty()) {
      double reloads = 0;
      for (CallInst *call : hot) reloads += context.frequency(call->getParent());
      double perCall = 0;
      for (CallInst *call : callsNeedingStore(nullptr, true))
        if (!CallClassifier::isPark(*call)) perCall += context.frequency(call->getParent());
      BasicBlock *coldest = coldestDominator(hot);
      double once = context.frequency(coldest);
      SmallPtrSet<Use *, 8> memoryUses;
      double inMemory = costInMemory(hot, memoryUses);
      if (inMemory < std::min(once, perCall) + reloads) {
        result.memoryUses = std::move(memoryUses);
        store = afterDefinition();
        everywhere = true;
      } else if (once <= perCall) store = storePlace(coldest, hot);
    }
    if (store) result.storeBefore.push_back(store);
    if (!everywhere)
      for (CallInst *call : callsNeedingStore(store, !store)) result.storeBefore.push_back(call);
    findReloads(result);
    return result;
  }

private:
  std::pair<BasicBlock *, unsigned> placeOf(Use &use) {
    auto *user = cast<Instruction>(use.getUser());
    if (auto *phi = dyn_cast<PHINode>(user)) return {phi->getIncomingBlock(use), AtBlockEnd};
    return {user->getParent(), context.position[user]};
  }

  void add(BasicBlock *block, Event event) {
    auto &list = events[block];
    list.insert(llvm::upper_bound(list, event,
                                  [](const Event &a, const Event &b) {
                                    return std::pair(a.position, int(a.kind)) < std::pair(b.position, int(b.kind));
                                  }),
                event);
  }

  void buildEvents() {
    add(home, {definedAt, EventKind::Define});
    for (Use &use : value.uses()) {
      auto [block, at] = placeOf(use);
      add(block, {at, EventKind::Use, &use});
    }
    for (CallInst *call : crossed)
      add(call->getParent(), {context.position[call],
                              CallClassifier::isPark(*call) ? EventKind::ColdCall : EventKind::HotCall, nullptr, call});
    blocks.assign(liveIn.begin(), liveIn.end());
    if (!liveIn.count(home)) blocks.push_back(home);
    llvm::sort(blocks, [&](BasicBlock *a, BasicBlock *b) { return context.order.lookup(a) < context.order.lookup(b); });
  }

  Instruction *afterDefinition() {
    if (!definition) {
      Instruction *place = &*home->getFirstInsertionPt();
      while (isa<AllocaInst>(place) || place->getMetadata(BaseInitMetadata)) place = place->getNextNode();
      return place;
    }
    return isa<PHINode>(definition) ? &*home->getFirstInsertionPt() : definition->getNextNode();
  }

  BasicBlock *coldestDominator(ArrayRef<CallInst *> hot) {
    BasicBlock *common = hot[0]->getParent();
    for (CallInst *call : hot) common = context.dominators.findNearestCommonDominator(common, call->getParent());
    BasicBlock *best = common;
    for (BasicBlock *block = common;; block = context.dominators.getNode(block)->getIDom()->getBlock()) {
      if (context.frequency(block) < context.frequency(best)) best = block;
      if (block == home) break;
    }
    return best;
  }

  // Before the first hot call of the block, else at its end, else right after the definition.
  Instruction *storePlace(BasicBlock *block, ArrayRef<CallInst *> hot) {
    Instruction *place = nullptr;
    for (CallInst *call : hot)
      if (call->getParent() == block && (!place || context.position[call] < context.position[place])) place = call;
    if (place) return place;
    return block == home ? afterDefinition() : block->getTerminator();
  }

  // Forward must-analysis: which calls find the value not yet stored? With `storesAtHotCalls` a hot call that
  // finds it missing stores it; cold ones always do.
  SmallVector<CallInst *, 8> callsNeedingStore(Instruction *store, bool storesAtHotCalls) {
    BasicBlock *storeBlock = store ? store->getParent() : nullptr;
    unsigned storeAt = store ? context.position.lookup(store) : 0;
    SmallVector<CallInst *, 8> needing;
    auto transfer = [&](BasicBlock *block, bool stored, bool collect) {
      bool pending = storeBlock == block;
      auto found = events.find(block);
      if (found != events.end())
        for (Event &event : found->second) {
          if (pending && event.kind != EventKind::Define && event.position >= storeAt) {
            stored = true;
            pending = false;
          }
          if (event.kind == EventKind::Define) stored = false;
          else if (event.kind == EventKind::ColdCall || (event.kind == EventKind::HotCall && storesAtHotCalls)) {
            if (collect && !stored) needing.push_back(event.call);
            stored = true;
          }
        }
      return pending ? true : stored;
    };
    DenseMap<BasicBlock *, bool> in, out;
    for (BasicBlock *block : blocks) in[block] = out[block] = true;
    for (bool changed = true; changed;) {
      changed = false;
      for (BasicBlock *block : blocks) {
        bool stored = block != home;
        if (block != home)
          for (BasicBlock *predecessor : predecessors(block))
            if (auto found = out.find(predecessor); found != out.end()) stored &= found->second;
        bool after = transfer(block, stored, false);
        if (stored != in[block] || after != out[block]) {
          in[block] = stored;
          out[block] = after;
          changed = true;
        }
      }
    }
    for (BasicBlock *block : blocks) transfer(block, in[block], true);
    return needing;
  }

  // Cost of storing at the definition and loading at each use that a hot call may precede; collects these uses.
  double costInMemory(ArrayRef<CallInst *> hot, SmallPtrSet<Use *, 8> &memoryUses) {
    SmallPtrSet<BasicBlock *, 16> afterCall;
    SmallVector<BasicBlock *, 16> work;
    auto reach = [&](BasicBlock *block) {
      for (BasicBlock *successor : successors(block))
        if (successor != home && liveIn.count(successor) && afterCall.insert(successor).second) work.push_back(successor);
    };
    for (CallInst *call : hot) reach(call->getParent());
    while (!work.empty()) reach(work.pop_back_val());
    double cost = context.frequency(home);
    for (BasicBlock *block : blocks) {
      bool memory = block != home && afterCall.count(block), loaded = false;
      for (Event &event : events[block]) switch (event.kind) {
        case EventKind::Define: memory = loaded = false; break;
        case EventKind::HotCall: memory = true; loaded = false; break;
        case EventKind::ColdCall: loaded = false; break;
        case EventKind::Store: break;
        case EventKind::Use:
          if (!memory) break;
          memoryUses.insert(event.use);
          if (!loaded) cost += context.frequency(block);
          loaded = true;
          break;
        }
    }
    return cost;
  }

  // After which crossed calls is the value needed in a register again, before the next crossing?
  void findReloads(Plan &result) {
    for (Instruction *store : result.storeBefore)
      add(store->getParent(), {context.position.lookup(store), EventKind::Store});
    auto needs = [&](const Event &event) {
      return event.kind == EventKind::Store || (event.kind == EventKind::Use && !result.memoryUses.count(event.use));
    };
    auto ends = [&](const Event &event) {
      return event.kind == EventKind::Define || event.kind == EventKind::HotCall || event.kind == EventKind::ColdCall;
    };
    enum First { Nothing, Needed, Ended };
    auto first = [&](BasicBlock *block) {
      auto found = events.find(block);
      if (found != events.end())
        for (Event &event : found->second) {
          if (needs(event)) return Needed;
          if (ends(event)) return Ended;
        }
      return Nothing;
    };
    SmallPtrSet<BasicBlock *, 16> neededIn, neededOut;
    SmallVector<BasicBlock *, 16> work;
    for (BasicBlock *block : liveIn)
      if (first(block) == Needed) {
        neededIn.insert(block);
        work.push_back(block);
      }
    while (!work.empty())
      for (BasicBlock *predecessor : predecessors(work.pop_back_val())) {
        neededOut.insert(predecessor);
        if (predecessor != home && liveIn.count(predecessor) && first(predecessor) == Nothing &&
            neededIn.insert(predecessor).second)
          work.push_back(predecessor);
      }
    for (CallInst *call : crossed) {
      bool past = false, decided = false, needed = false;
      for (Event &event : events[call->getParent()]) {
        if (event.call == call) past = true;
        else if (past && (needs(event) || ends(event))) {
          needed = needs(event);
          decided = true;
          break;
        }
      }
      if (decided ? needed : neededOut.count(call->getParent())) result.loadAfter.push_back(call);
    }
  }

  Context &context;
  Value &value;
  Instruction *definition;
  BasicBlock *home;
  unsigned definedAt;
  SmallPtrSet<BasicBlock *, 16> liveIn, liveOut;
  DenseMap<BasicBlock *, unsigned> lastUse;
  SmallVector<CallInst *, 8> crossed;
  std::map<BasicBlock *, SmallVector<Event, 8>> events;
  std::vector<BasicBlock *> blocks;
};

// The value becomes a variable (promoted to SSA later), set at the definition and after loads.
void introduceVariable(Function &function, Plan &plan, Frame &frame) {
  Type *type = plan.value->getType();
  plan.variable = new AllocaInst(type, 0, "hc.value", frame.base->getIterator());
  frame.variables.push_back(plan.variable);
  std::map<std::pair<PHINode *, BasicBlock *>, Value *> incoming;
  SmallVector<Use *, 16> uses;
  for (Use &use : plan.value->uses()) uses.push_back(&use);
  for (Use *use : uses) {
    auto *user = cast<Instruction>(use->getUser());
    auto *phi = dyn_cast<PHINode>(user);
    auto read = [&](Instruction *before) -> Value * {
      IRBuilder<> builder(before);
      if (plan.memoryUses.count(use)) return builder.CreateLoad(type, frame.address(builder, plan.offset));
      return builder.CreateLoad(type, plan.variable);
    };
    if (phi) {
      BasicBlock *block = phi->getIncomingBlock(*use);
      Value *&value = incoming[{phi, block}];
      if (!value) value = read(block->getTerminator());
      use->set(value);
    } else use->set(read(user));
  }
  auto *definition = dyn_cast<Instruction>(plan.value);
  Instruction *place = !definition              ? frame.base->getNextNode()
                       : isa<PHINode>(definition) ? &*definition->getParent()->getFirstInsertionPt()
                                                : definition->getNextNode();
  IRBuilder<>(place).CreateStore(plan.value, plan.variable);
}

} // namespace

void spillAcrossCalls(Function &function, const CallClassifier &calls, Frame &frame) {
  std::vector<CallInst *> marked = calls.markedCalls(function);
  if (marked.empty()) return;
  Context context(function, std::move(marked));
  const DataLayout &layout = function.getParent()->getDataLayout();
  std::vector<Value *> values;
  for (Argument &argument : function.args())
    if (!argument.use_empty()) values.push_back(&argument);
  for (Instruction &instruction : instructions(function)) {
    if (instruction.getType()->isVoidTy() || instruction.use_empty() || isa<AllocaInst>(instruction)) continue;
    if (auto *load = dyn_cast<LoadInst>(&instruction); load && load->getPointerOperand() == frame.base) continue;
    values.push_back(&instruction);
  }
  std::vector<Plan> plans;
  for (Value *value : values) {
    ValuePlanner planner(context, *value);
    if (!planner.findCrossings()) continue;
    Type *type = value->getType();
    plans.push_back(planner.plan(frame.place(layout.getTypeStoreSize(type), layout.getABITypeAlign(type))));
  }
  for (Plan &plan : plans) introduceVariable(function, plan, frame);
  // Stores come after all variables are set, so that at a definition the variable is read after it was written.
  for (Plan &plan : plans) {
    Type *type = plan.value->getType();
    for (Instruction *place : plan.storeBefore) {
      IRBuilder<> builder(place);
      Value *address = frame.address(builder, plan.offset);
      builder.CreateStore(builder.CreateLoad(type, plan.variable), address);
    }
    for (CallInst *call : plan.loadAfter) {
      IRBuilder<> builder(call->getNextNode());
      Value *address = frame.address(builder, plan.offset);
      builder.CreateStore(builder.CreateLoad(type, address), plan.variable);
    }
  }
}

} // namespace hc
