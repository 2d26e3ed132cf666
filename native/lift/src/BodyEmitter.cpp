// SPDX-License-Identifier: GPL-3.0-or-later
#include "Body.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;

namespace hc {
namespace {

class BodyEmitter : public Emitter {
public:
  BodyEmitter(Output &output, Function &function, Body &body) : Emitter(output, function, body.holder), body(body) {}

  void emit() {
    builder.SetInsertPoint(entry);
    body.guest = &function;
    body.start = blockAt(function.address);
    emitWork();
    for (uint64_t address : function.entries)
      if (continuesAt(address)) body.entries[address] = blockAt(address);
    emitWork();
    builder.SetInsertPoint(entry);
    SwitchInst *dispatch = builder.CreateSwitch(lifted->getArg(0), body.start, body.entries.size());
    for (auto &[address, block] : body.entries)
      if (block != body.start) dispatch->addCase(builder.getInt64(address), block);
    body.variables.assign(registersOf(output.guest).size(), nullptr);
    for (auto &[which, place] : variables) {
      const unsigned index = indexOf(output.guest, *which);
      body.variables[index] = place;
      for (Site *site : aroundRounding)
        if (RegisterSets::lostInCalls().has(index)) site->registers.add(index);
    }
    body.hasTables = !indirectTargets.empty();
  }

private:
  Site &mark(Site::Kind kind, Value *address = nullptr) {
    FunctionCallee callee = output.runtime("hc.site", builder.getVoidTy(), {builder.getInt64Ty()});
    CallInst *call = builder.CreateCall(callee, {address ? address : word(0)});
    return body.sites.emplace(call, Site{kind, call}).first->second;
  }

  void end(Site::Kind kind, Value *address = nullptr, Function *callee = nullptr) {
    mark(kind, address).callee = callee;
    builder.CreateUnreachable();
  }

  // Only those that the function uses anyway, and not those that it keeps for its caller: for these it would no longer be seen.
  void setRounding(Value *mode) override {
    aroundRounding.push_back(&mark(Site::Flush));
    helper("hc_guest_set_rounding", builder.getVoidTy(), {mode});
    aroundRounding.push_back(&mark(Site::Reload));
  }

  void flush(RegisterSet which) override { mark(Site::Flush).registers = which; }
  void reload(RegisterSet which) override { mark(Site::Reload).registers = which; }

  // Parts that lie apart and are only jumped to belong to it: the compiler has split the function.
  bool continuesAt(uint64_t address) override {
    Program &program = output.program;
    return program.isLocal(function, address) || (program.executable.isCode(address) && !program.isSeparate(address));
  }

  void leave(uint64_t address) override {
    if (Function *other = output.program.find(address)) end(Site::Tail, nullptr, other);
    else jumpIndirect(word(address));
  }

  void leaveIndirect(Value *address) override { end(Site::Jump, address); }
  void ret(Value *address) override { end(Site::Return, address); }

  void call(Value *target, uint64_t constant, uint64_t next) override {
    Site &site = mark(Site::Call, target);
    site.callee = constant ? output.program.find(constant) : nullptr;
    site.next = next;
    jump(next);
  }

  void systemCall(uint64_t next) override {
    mark(Site::System).next = next;
    jump(next);
  }

  Body &body;
  std::vector<Site *> aroundRounding;
};

} // namespace

std::unique_ptr<Body> emitBody(Output &output, Function &function) {
  auto body = std::make_unique<Body>();
  body->holder = output.declare("body." + utohexstr(function.address, true), output.liftedType);
  BodyEmitter(output, function, *body).emit();
  return body;
}

} // namespace hc
