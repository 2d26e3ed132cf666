// SPDX-License-Identifier: GPL-3.0-or-later
// What the runtime's struct has already: a forward analysis. A register is in there after it was written to it or read from it,
// until its variable gets another value. Callees leave alone, or put back, what they don't clobber.
#include "Synced.h"
#include "llvm/ADT/PostOrderIterator.h"
#include "llvm/IR/CFG.h"

using namespace llvm;

namespace hc {
namespace {

class Synced {
public:
  Synced(Analysis &analysis, Body &body) : analysis(analysis), body(body), summary(analysis.of(*body.guest)) {
    for (unsigned i = 0; i < body.variables.size(); ++i)
      if (body.variables[i]) registerOf[body.variables[i]] = i;
  }

  std::map<const Site *, RegisterSet> run(const llvm::Function &code) {
    ReversePostOrderTraversal<const llvm::Function *> order(&code);
    const RegisterSet everything = RegisterSet::all(body.variables.size());
    for (const BasicBlock *block : order) after[block] = everything;
    bool changed;
    do {
      changed = false;
      for (const BasicBlock *block : order) {
        RegisterSet synced = everything;
        if (block == &code.getEntryBlock()) synced = summary.uses - summary.argumentSet();
        for (const BasicBlock *before : predecessors(block)) {
          auto known = after.find(before);
          if (known != after.end()) synced = synced & known->second;
        }
        visit(*block, synced);
        changed |= synced != after[block];
        after[block] = synced;
      }
    } while (changed);
    return atSites;
  }

private:
  void visit(const BasicBlock &block, RegisterSet &synced) {
    for (const llvm::Instruction &instruction : block) {
      if (auto *store = dyn_cast<StoreInst>(&instruction)) {
        auto variable = registerOf.find(store->getPointerOperand());
        if (variable != registerOf.end()) synced.remove(variable->second);
      } else if (auto site = body.sites.find(&instruction); site != body.sites.end()) {
        atSites[&site->second] = synced;
        pass(site->second, synced);
      }
    }
  }

  void pass(const Site &site, RegisterSet &synced) {
    switch (site.kind) {
    case Site::Call: return call(site, synced);
    case Site::Tail: return; // nothing follows
    case Site::System: return exchange(synced, RegisterSets::systemArguments(), RegisterSets::systemResults(), RegisterSets::systemResults() & site.live);
    case Site::Flush: synced |= site.registers; return;
    case Site::Reload: synced |= site.registers; return;
    case Site::Jump:
    case Site::Return: return;
    }
  }

  void call(const Site &site, RegisterSet &synced) {
    const RegisterSet lost = analysis.takenClobbers;
    if (!site.callee) exchange(synced, flushedForPointer(analysis, site), lost, (lost & site.live) - RegisterSet{RegisterIndex::Rax});
    else {
      const Summary &callee = analysis.of(*site.callee);
      RegisterSet uses = callee.usesAt(site);
      if (callee.inValues)
        exchange(synced, uses - callee.argumentSet(), callee.clobbers | callee.resultSet(), (callee.returned() - callee.resultSet()) & site.live);
      else exchange(synced, uses, callee.clobbers, callee.clobbers & site.live);
    }
    synced.remove(RegisterIndex::Rsp);
  }

  static void exchange(RegisterSet &synced, RegisterSet flushed, RegisterSet lost, RegisterSet reloaded) {
    synced = ((synced | flushed) - lost) | reloaded;
  }

  Analysis &analysis;
  Body &body;
  const Summary &summary;
  std::map<const Value *, unsigned> registerOf;
  std::map<const BasicBlock *, RegisterSet> after;
  std::map<const Site *, RegisterSet> atSites;
};

} // namespace

std::map<const Site *, RegisterSet> findSynced(const llvm::Function &code, Analysis &analysis, Body &body) {
  return Synced(analysis, body).run(code);
}

} // namespace hc
