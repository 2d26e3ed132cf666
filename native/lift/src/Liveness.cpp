// SPDX-License-Identifier: GPL-3.0-or-later
// Which registers are read, where: liveness over the whole program. A function's uses depend on its callees', and what it has to
// give back on what its callers read; sets grow from nothing until all agree.
#include "Summary.h"
#include "llvm/IR/CFG.h"

using namespace llvm;

namespace hc {
namespace {

// hc-codegen has as many argument registers on both ISAs (native/codegen/src/Signature.cpp); one is for the struct's address.
constexpr unsigned MostWords = 9, MostVectors = 8;

using R = RegisterIndex;
constexpr unsigned WordOrder[] = {R::Rsp, R::Rdi, R::Rsi, R::Rdx, R::Rcx, R::R8, R::R9, R::Rax, R::Rbx, R::Rbp, 12, 13, 14, 15, R::R10, R::R11};
constexpr unsigned ResultOrder[] = {R::Rax, R::Rdx, R::xmm(0), R::xmm(1)};

struct Step {
  enum Kind { Read, Write, AtSite } kind;
  unsigned index = 0;
  Site *site = nullptr;
  bool saves = false; // of Read: just to save it, with nobody else looking; of Write: puts back what was saved
};

struct Live {
  RegisterSet all, direct;
  bool operator!=(const Live &other) const { return all != other.all || direct != other.direct; }
};

class FunctionLiveness {
public:
  FunctionLiveness(Analysis &analysis, Body &body) : analysis(analysis), body(body), summary(analysis.of(*body.guest)) {
    std::map<const Value *, unsigned> registerOf;
    for (unsigned i = 0; i < body.variables.size(); ++i)
      if (body.variables[i]) registerOf[body.variables[i]] = i;
    std::map<const BasicBlock *, unsigned> numbers;
    for (const BasicBlock &block : *body.holder) numbers[&block] = numbers.size();
    blocks.resize(numbers.size());
    for (const BasicBlock &block : *body.holder) {
      Block &made = blocks[numbers[&block]];
      for (const BasicBlock *next : successors(&block)) made.next.push_back(numbers[next]);
      for (const llvm::Instruction &instruction : block) {
        if (auto site = body.sites.find(&instruction); site != body.sites.end()) made.steps.push_back({Step::AtSite, 0, &site->second});
        else if (auto *load = dyn_cast<LoadInst>(&instruction)) {
          auto variable = registerOf.find(load->getPointerOperand());
          if (variable == registerOf.end()) continue;
          made.steps.push_back({Step::Read, variable->second, nullptr, summary.confined && summary.saves.count(load) > 0});
        } else if (auto *store = dyn_cast<StoreInst>(&instruction)) {
          auto variable = registerOf.find(store->getPointerOperand());
          if (variable == registerOf.end()) continue;
          made.steps.push_back({Step::Write, variable->second, nullptr, summary.restores.count(store) > 0});
          written.add(variable->second);
        }
      }
    }
    start = numbers[body.start];
    for (auto &[address, block] : body.entries) entries.push_back(numbers[block]);
  }

  // True when something changed that others depend on.
  bool update() {
    changed = false;
    grow(summary.touched, touched());
    grow(summary.restored, restores());
    bool again;
    do {
      again = false;
      for (unsigned i = blocks.size(); i-- > 0;) again |= visit(blocks[i]);
    } while (again);
    grow(summary.uses, blocks[start].before.all - RegisterSets::flags());
    grow(summary.direct, blocks[start].before.direct & summary.uses);
    for (unsigned entry : entries) grow(analysis.anywhereUses, blocks[entry].before.all - RegisterSets::flags());
    chooseArguments();
    return changed;
  }

private:
  struct Block {
    std::vector<Step> steps;
    std::vector<unsigned> next;
    Live before;
  };

  void grow(RegisterSet &set, RegisterSet by) {
    if (by.within(set)) return;
    set |= by;
    changed = true;
  }

  const Summary *calleeOf(const Site &site) const { return site.callee ? &analysis.of(*site.callee) : nullptr; }

  // Written to the runtime's struct before a call, in case there is another value in the variable.
  RegisterSet flushed(const Site &site) const {
    switch (site.kind) {
    case Site::Call:
    case Site::Tail: {
      const Summary *callee = calleeOf(site);
      if (!callee) return flushedForPointer(analysis, site);
      RegisterSet uses = callee->usesAt(site);
      return callee->inValues ? uses - callee->argumentSet() : uses;
    }
    case Site::System: return RegisterSets::systemArguments();
    case Site::Flush: return site.registers;
    default: return {};
    }
  }

  // Has another value after it, in the struct as well.
  RegisterSet lost(const Site &site) const {
    switch (site.kind) {
    case Site::Call:
    case Site::Tail: return calleeOf(site) ? calleeOf(site)->clobbers : analysis.takenClobbers;
    case Site::System: return RegisterSets::systemResults();
    case Site::Reload: return site.registers;
    default: return {};
    }
  }

  RegisterSet touched() const {
    RegisterSet some;
    for (auto &[mark, site] : body.sites) {
      some |= flushed(site) | lost(site);
      if (const Summary *callee = calleeOf(site)) some |= callee->touched;
    }
    return some;
  }

  RegisterSet restores() const {
    RegisterSet which = (written & summary.touched) - summary.clobbers;
    which.remove(R::Rsp);
    return which - RegisterSets::flags();
  }

  bool visit(Block &block) {
    Live live;
    for (unsigned next : block.next) {
      live.all |= blocks[next].before.all;
      live.direct |= blocks[next].before.direct;
    }
    for (auto step = block.steps.rbegin(); step != block.steps.rend(); ++step) {
      switch (step->kind) {
      case Step::Read:
        if (step->saves && !(summary.restored | summary.kept).has(step->index)) break;
        live.all.add(step->index);
        live.direct.add(step->index);
        break;
      case Step::Write:
        // Read again before the end: not saved just to be put back.
        if (step->saves && live.all.has(step->index)) grow(summary.kept, {step->index});
        live.all.remove(step->index);
        live.direct.remove(step->index);
        break;
      case Step::AtSite: before(*step->site, live); break;
      }
    }
    if (!(live != block.before)) return false;
    block.before = live;
    return true;
  }

  void before(Site &site, Live &live) {
    switch (site.kind) {
    case Site::Call: return beforeCall(site, live);
    case Site::Tail: live = {summary.returned() | summary.restored, {}}; return beforeCall(site, live);
    case Site::Jump:
      grow(analysis.takenLiveAfter, summary.returned());
      live = {analysis.anywhereUses | summary.returned(), {}};
      return;
    case Site::Return:
      live = {summary.returned() | summary.restored, {}};
      if (!summary.balanced) live.all |= analysis.anywhereUses;
      return;
    case Site::System:
      site.live = live.all;
      live.all = (live.all - RegisterSets::systemResults()) | RegisterSets::systemArguments();
      live.direct = (live.direct - RegisterSets::systemResults()) | RegisterSets::systemArguments();
      return;
    case Site::Flush:
      live.all |= site.registers;
      live.direct |= site.registers;
      return;
    case Site::Reload:
      live.all = live.all - site.registers;
      live.direct = live.direct - site.registers;
      return;
    }
  }

  void beforeCall(Site &site, Live &live) {
    const Summary *callee = calleeOf(site);
    if (callee && !callee->returns) live = {};
    live.all = live.all - RegisterSets::flags();
    site.live = live.all;
    grow(callee ? analysis.of(*site.callee).liveAfter : analysis.takenLiveAfter, live.all);
    RegisterSet lost = (callee ? callee->clobbers : analysis.takenClobbers) | RegisterSets::flags();
    RegisterSet passed = callee ? RegisterSet() : RegisterSets::pointerArguments() & analysis.takenUses;
    if (callee && callee->inValues) passed = callee->argumentSet();
    passed.add(R::Rsp);
    if (!callee) { // not every callee clobbers all that some do
      passed |= lost & site.live & RegisterSets::pointerArguments();
      lost = RegisterSets::flags();
    }
    live.all = (live.all - lost) | (callee ? callee->usesAt(site) : analysis.takenUses) | passed;
    live.direct = (live.direct - lost) | passed;
  }

  void chooseArguments() {
    RegisterSet wanted = summary.direct & summary.uses;
    wanted.add(R::Rsp);
    std::vector<unsigned> chosen, vectors;
    for (unsigned index : WordOrder)
      if (wanted.has(index) && chosen.size() < MostWords) chosen.push_back(index);
    for (unsigned number = 0; number < MostVectors; ++number)
      if (wanted.has(R::xmm(number))) vectors.push_back(R::xmm(number));
    if (!summary.variadic) chosen.insert(chosen.end(), vectors.begin(), vectors.end());
    std::vector<unsigned> results;
    for (unsigned index : ResultOrder)
      if (summary.returned().has(index)) results.push_back(index);
    changed |= chosen != summary.arguments || results != summary.results;
    summary.arguments = chosen;
    summary.results = results;
  }

  Analysis &analysis;
  Body &body;
  Summary &summary;
  std::vector<Block> blocks;
  unsigned start;
  std::vector<unsigned> entries;
  RegisterSet written;
  bool changed = false;
};

bool leaves(Analysis &analysis, Body &body) {
  for (auto &[mark, site] : body.sites) {
    if (!site.reached) continue;
    if (site.kind == Site::Jump) return true;
    if (site.kind != Site::Call && site.kind != Site::Tail) continue;
    const Summary *callee = site.callee ? &analysis.of(*site.callee) : nullptr;
    if (!callee || !callee->inValues || callee->mayLeave) return true;
  }
  return false;
}

void findLeaving(Analysis &analysis) {
  bool changed;
  do {
    changed = false;
    for (auto &[address, body] : analysis.bodies) {
      Summary &summary = analysis.summaries[address];
      if (summary.mayLeave || !leaves(analysis, *body)) continue;
      summary.mayLeave = changed = true;
    }
  } while (changed);
}

} // namespace

void analyseLiveness(Output &output, Analysis &analysis) {
  std::vector<std::unique_ptr<FunctionLiveness>> functions;
  std::vector<Summary *> taken;
  for (auto &[address, body] : analysis.bodies) {
    functions.push_back(std::make_unique<FunctionLiveness>(analysis, *body));
    if (output.program.isTaken(address)) taken.push_back(&analysis.summaries[address]);
  }
  bool changed;
  do {
    RegisterSet uses = analysis.takenUses, after = analysis.takenLiveAfter, anywhere = analysis.anywhereUses;
    changed = false;
    for (auto &function : functions) changed |= function->update();
    for (Summary *summary : taken) {
      analysis.takenUses |= summary->uses;
      RegisterSet before = summary->liveAfter;
      summary->liveAfter |= analysis.takenLiveAfter;
      changed |= before != summary->liveAfter;
    }
    analysis.anywhereUses |= analysis.takenUses;
    changed |= uses != analysis.takenUses || after != analysis.takenLiveAfter || anywhere != analysis.anywhereUses;
  } while (changed);
  findLeaving(analysis);
}

} // namespace hc
