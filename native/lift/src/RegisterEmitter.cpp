// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that pass registers in values: arguments are what they read, results what they clobber and callers read. All others go
// through the runtime's struct, and only where the callee uses them. A register that a callee does not clobber stays in the
// caller's value, and is in the struct after the call what it was there before, or its value.
//
// A function can be left in another way than by its return (longjmp, unwinding): then all registers are in the struct, and its
// first result is the guest's address to go on at. Its callers return likewise, down to the runtime, which goes on in the
// resumable version of the function that the address lies in.
#include "RegisterEmitter.h"
#include "Order.h"
#include "Synced.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace hc {
namespace {

constexpr uint64_t Word = 8;

// The type of such a function, and values to and from its results.
class Interface {
public:
  Interface(Output &output, const Summary &summary) : summary(summary) {
    Type *word = Type::getInt64Ty(output.context);
    std::vector<Type *> parameters;
    for (unsigned index : summary.arguments) parameters.push_back(output.typeOf(registersOf(output.guest)[index]));
    if (summary.mayLeave) elements.push_back(word);
    for (unsigned index : summary.results) elements.push_back(output.typeOf(registersOf(output.guest)[index]));
    Type *result = elements.empty()       ? Type::getVoidTy(output.context)
                   : elements.size() == 1 ? elements[0]
                                          : static_cast<Type *>(StructType::get(output.context, elements));
    type = FunctionType::get(result, parameters, false);
  }

  Value *element(IRBuilder<> &builder, Value *returned, unsigned index) const {
    return elements.size() == 1 ? returned : builder.CreateExtractValue(returned, index);
  }
  Value *address(IRBuilder<> &builder, Value *returned) const { return element(builder, returned, 0); }
  Value *result(IRBuilder<> &builder, Value *returned, unsigned number) const {
    return element(builder, returned, number + summary.mayLeave);
  }

  // `address`: null when it returns as usual, and then results are given.
  void ret(IRBuilder<> &builder, Value *address, ArrayRef<Value *> results) const {
    if (elements.empty()) {
      builder.CreateRetVoid();
      return;
    }
    SmallVector<Value *, 5> values;
    if (summary.mayLeave) values.push_back(address ? address : builder.getInt64(0));
    values.append(results.begin(), results.end());
    for (unsigned i = values.size(); i < elements.size(); ++i) values.push_back(Constant::getNullValue(elements[i]));
    if (values.size() == 1) builder.CreateRet(values[0]);
    else builder.CreateAggregateRet(values.data(), values.size());
  }

  FunctionType *type;

private:
  const Summary &summary;
  std::vector<Type *> elements;
};

std::string valuesName(Output &output, const Function &function) { return (output.lifted(function)->getName() + ".values").str(); }

llvm::Function *inValues(Output &output, const Function &function, const Interface &interface) {
  return output.declare(valuesName(output, function), interface.type);
}

// Makes a body the final function.
class RegisterEmitter {
public:
  RegisterEmitter(Output &output, Analysis &analysis, Body &body)
      : output(output), analysis(analysis), body(body), summary(analysis.of(*body.guest)), interface(output, summary),
        made(inValues(output, *body.guest, interface)), builder(output.context), control(MDBuilder(output.context)) {}

  void run() {
    forgetSaves();
    if (output.ordered) orderMemory(output, *body.holder, summary.own);
    made->splice(made->begin(), body.holder);
    entry = &made->getEntryBlock();
    entry->getTerminator()->eraseFromParent();
    BranchInst::Create(body.start, entry);
    removeUnreachableBlocks(*made);
    std::vector<Site *> sites;
    for (BasicBlock &block : *made)
      for (llvm::Instruction &instruction : block)
        if (auto site = body.sites.find(&instruction); site != body.sites.end() && site->second.reached) sites.push_back(&site->second);
    makeVariables(sites);
    synced = findSynced(*made, analysis, body);
    for (Site *site : sites) lower(*site);
    setVariables();
    if (elsewhere) {
      builder.SetInsertPoint(elsewhere);
      interface.ret(builder, elsewhereAddress, {});
    }
    removeUnreachableBlocks(*made); // what follows calls that don't return
  }

private:
  const Register &registerAt(unsigned index) const { return registersOf(output.guest)[index]; }
  Value *read(unsigned index) { return builder.CreateLoad(output.typeOf(registerAt(index)), body.variables[index]); }
  void write(unsigned index, Value *value) { builder.CreateStore(value, body.variables[index]); }

  void makeVariables(ArrayRef<Site *> sites) {
    RegisterSet wanted = summary.argumentSet() | summary.resultSet();
    for (Site *site : sites) {
      if (site->kind == Site::Call && !site->callee) wanted |= RegisterSets::pointerArguments();
      if (!site->callee || !analysis.of(*site->callee).inValues) continue;
      const Summary &callee = analysis.of(*site->callee);
      wanted |= callee.argumentSet() | callee.resultSet();
    }
    IRBuilder<> top(entry, entry->begin());
    wanted.each([&](unsigned index) {
      if (!body.variables[index]) body.variables[index] = top.CreateAlloca(output.typeOf(registerAt(index)), nullptr, registerAt(index).name);
    });
  }

  // Registers that are saved only where nobody else looks: what callers have there is of no interest.
  void forgetSaves() {
    if (!summary.confined) return;
    for (const llvm::Instruction *load : summary.saves) {
      auto place = llvm::find(body.variables, load->getOperand(0));
      if (summary.uses.has(unsigned(place - body.variables.begin()))) continue;
      for (User *store : make_early_inc_range(const_cast<llvm::Instruction *>(load)->users())) cast<llvm::Instruction>(store)->eraseFromParent();
    }
  }

  // An undefined value would do for what is not used, but the code generator may keep it across calls.
  void setVariables() {
    builder.SetInsertPoint(entry->getTerminator());
    for (unsigned i = 0; i < summary.arguments.size(); ++i) write(summary.arguments[i], made->getArg(i));
    for (unsigned index = 0; index < body.variables.size(); ++index) {
      if (!body.variables[index] || summary.argumentSet().has(index)) continue;
      Type *type = output.typeOf(registerAt(index));
      write(index, summary.uses.has(index) ? output.loadRegister(builder, registerAt(index)) : Constant::getNullValue(type));
    }
  }

  // --- the runtime's struct: registers without a variable are there anyway ------------------------------

  RegisterSet withVariable(RegisterSet which) const {
    for (unsigned index = 0; index < body.variables.size(); ++index)
      if (!body.variables[index]) which.remove(index);
    return which;
  }
  // `has`: what the struct has already.
  void flush(RegisterSet which, RegisterSet has) {
    withVariable(which - has).each([&](unsigned index) { output.storeRegister(builder, registerAt(index), read(index)); });
  }
  void reload(RegisterSet which) {
    withVariable(which).each([&](unsigned index) { write(index, output.loadRegister(builder, registerAt(index))); });
  }

  // --- sites --------------------------------------------------------------------------------------------

  void lower(Site &site) {
    builder.SetInsertPoint(site.mark);
    Value *address = site.mark->getArgOperand(0);
    switch (site.kind) {
    case Site::Call: call(site, address, builder.getInt64(site.next)); break;
    case Site::Tail:
      call(site, address, nullptr);
      returnFrom(site);
      break;
    case Site::Return: returnFrom(site); break;
    case Site::Jump:
      flush(analysis.anywhereUses, synced[&site]);
      goElsewhere(address);
      site.mark->getNextNode()->eraseFromParent();
      break;
    case Site::System:
      flush(RegisterSets::systemArguments(), synced[&site]);
      builder.CreateCall(output.runtime("hc_guest_syscall", builder.getVoidTy(), {builder.getInt64Ty()}), {builder.getInt64(site.next)});
      reload(RegisterSets::systemResults() & site.live);
      break;
    case Site::Flush: flush(site.registers, synced[&site]); break;
    case Site::Reload: reload(site.registers); break;
    }
    site.mark->eraseFromParent();
  }

  void goElsewhere(Value *address) {
    if (!elsewhere) {
      elsewhere = BasicBlock::Create(output.context, "elsewhere", made);
      elsewhereAddress = IRBuilder<>(elsewhere).CreatePHI(builder.getInt64Ty(), 4);
    }
    elsewhereAddress->addIncoming(address, builder.GetInsertBlock());
    builder.CreateBr(elsewhere);
  }

  // Goes on in the same block, or rather what follows in it.
  void goElsewhereUnless(Value *good, Value *address, Site &site) {
    BasicBlock *block = builder.GetInsertBlock(), *rest = block->splitBasicBlock(site.mark, "");
    block->getTerminator()->eraseFromParent();
    BasicBlock *out = BasicBlock::Create(output.context, "out", made);
    builder.SetInsertPoint(block);
    builder.CreateCondBr(good, rest, out, control.createBranchWeights(1 << 20, 1));
    builder.SetInsertPoint(out);
    goElsewhere(address);
    builder.SetInsertPoint(site.mark);
  }

  void endBlock(Site &site) {
    auto after = std::next(BasicBlock::iterator(site.mark));
    changeToUnreachable(&*after);
  }

  // `next`: null when it returns to our caller.
  void call(Site &site, Value *target, Value *next) {
    const Summary *callee = site.callee ? &analysis.of(*site.callee) : nullptr;
    if (!callee) callThroughPointer(site, target);
    else if (callee->inValues) callInValues(site, *callee);
    else callThroughStruct(site, *callee, next);
    if (callee && !callee->returns && next) endBlock(site);
  }

  void callInValues(Site &site, const Summary &callee) {
    Interface other(output, callee);
    if (callee.confined && site.kind == Site::Call) forgetReturnAddress(site);
    flush(callee.usesAt(site) - callee.argumentSet(), synced[&site]);
    std::vector<Value *> arguments;
    for (unsigned index : callee.arguments) arguments.push_back(read(index));
    CallInst *returned = builder.CreateCall(other.type, inValues(output, *site.callee, other), arguments);
    for (unsigned i = 0; i < callee.results.size(); ++i) write(callee.results[i], other.result(builder, returned, i));
    reload((callee.returned() - callee.resultSet()) & site.live);
    popReturnAddress();
    if (!callee.mayLeave) return;
    Value *address = other.address(builder, returned);
    goElsewhereUnless(builder.CreateIsNull(address), address, site);
  }

  void callThroughPointer(Site &site, Value *target) {
    flush(flushedForPointer(analysis, site), synced[&site]);
    std::vector<Value *> arguments;
    for (unsigned index : RegisterSets::Pointer) arguments.push_back(read(index));
    Value *code = builder.CreateCall(output.runtime("hc_guest_find_pointer", builder.getPtrTy(), {builder.getInt64Ty()}), {target});
    CallInst *returned = builder.CreateCall(output.pointerType, code, arguments);
    Value *address = builder.CreateExtractValue(returned, 0);
    write(RegisterIndex::Rax, builder.CreateExtractValue(returned, 1));
    RegisterSet lost = analysis.takenClobbers;
    lost.remove(RegisterIndex::Rax);
    reload(lost & site.live);
    popReturnAddress();
    goElsewhereUnless(builder.CreateIsNull(address), address, site);
  }

  void callThroughStruct(Site &site, const Summary &callee, Value *next) {
    Value *stack = read(RegisterIndex::Rsp);
    if (!next) next = builder.CreateAlignedLoad(builder.getInt64Ty(), builder.CreateIntToPtr(stack, builder.getPtrTy()), Align(1));
    RegisterSet uses = callee.usesAt(site);
    uses.add(RegisterIndex::Rsp);
    flush(uses, synced[&site]);
    CallInst *address = builder.CreateCall(output.liftedType, output.lifted(*site.callee), {builder.getInt64(0)});
    popReturnAddress();
    Value *there = builder.CreateICmpEQ(address, next);
    Value *balanced = builder.CreateICmpEQ(output.loadRegister(builder, registerAt(RegisterIndex::Rsp)), read(RegisterIndex::Rsp));
    reload(callee.clobbers & site.live);
    goElsewhereUnless(builder.CreateAnd(there, balanced), address, site);
  }

  void popReturnAddress() { write(RegisterIndex::Rsp, builder.CreateAdd(read(RegisterIndex::Rsp), builder.getInt64(Word))); }

  // Nobody reads it.
  void forgetReturnAddress(Site &site) {
    for (llvm::Instruction *at = site.mark->getPrevNode(); at; at = at->getPrevNode()) {
      auto *store = dyn_cast<StoreInst>(at);
      auto *value = store ? dyn_cast<ConstantInt>(store->getValueOperand()) : nullptr;
      if (!value || value->getZExtValue() != site.next || !isa<IntToPtrInst>(store->getPointerOperand())) continue;
      store->eraseFromParent();
      return;
    }
  }

  void returnFrom(Site &site) {
    RegisterSet has = site.kind == Site::Return ? synced[&site] : RegisterSet();
    flush((summary.returned() - summary.resultSet()) | summary.restored, has);
    std::vector<Value *> results;
    for (unsigned index : summary.results) results.push_back(read(index));
    interface.ret(builder, nullptr, results);
    site.mark->getNextNode()->eraseFromParent();
  }

  Output &output;
  Analysis &analysis;
  Body &body;
  const Summary &summary;
  Interface interface;
  llvm::Function *made;
  std::map<const Site *, RegisterSet> synced;
  IRBuilder<> builder;
  MDBuilder control;
  BasicBlock *entry = nullptr;
  BasicBlock *elsewhere = nullptr;
  PHINode *elsewhereAddress = nullptr;
};

// What calls such a function with all registers in the runtime's struct.
void emitWrapper(Output &output, const Function &function, const Summary &summary) {
  llvm::Function *wrapper = output.lifted(function);
  Interface interface(output, summary);
  const std::vector<Register> &registers = registersOf(output.guest);
  const Register &stackPointer = registers[RegisterIndex::Rsp];
  IRBuilder<> builder(BasicBlock::Create(output.context, "begin", wrapper));
  Value *stack = output.loadRegister(builder, stackPointer);
  Value *next = builder.CreateAlignedLoad(builder.getInt64Ty(), builder.CreateIntToPtr(stack, builder.getPtrTy()), Align(1));
  std::vector<Value *> arguments;
  for (unsigned index : summary.arguments) arguments.push_back(output.loadRegister(builder, registers[index]));
  CallInst *returned = builder.CreateCall(interface.type, inValues(output, function, interface), arguments);
  if (summary.mayLeave) {
    auto *left = BasicBlock::Create(output.context, "left", wrapper), *back = BasicBlock::Create(output.context, "back", wrapper);
    Value *address = interface.address(builder, returned);
    builder.CreateCondBr(builder.CreateIsNull(address), back, left, MDBuilder(output.context).createBranchWeights(1 << 20, 1));
    builder.SetInsertPoint(left);
    builder.CreateRet(address);
    builder.SetInsertPoint(back);
  }
  for (unsigned i = 0; i < summary.results.size(); ++i)
    output.storeRegister(builder, registers[summary.results[i]], interface.result(builder, returned, i));
  output.storeRegister(builder, stackPointer, builder.CreateAdd(stack, builder.getInt64(Word)));
  builder.CreateRet(next);
}

// What calls such a function through a pointer.
void emitPointer(Output &output, const Function &function, const Summary &summary) {
  llvm::Function *made = output.declare(Output::nameOf(function) + ".pointer", output.pointerType);
  Interface interface(output, summary);
  const std::vector<Register> &registers = registersOf(output.guest);
  IRBuilder<> builder(BasicBlock::Create(output.context, "", made));
  std::map<unsigned, Value *> passed;
  for (unsigned i = 0; i < made->arg_size(); ++i) passed[RegisterSets::Pointer[i]] = made->getArg(i);
  // It has those that it uses in values or, for its callees, in the struct.
  ((summary.uses - summary.argumentSet()) & RegisterSets::pointerArguments()).each([&](unsigned index) {
    output.storeRegister(builder, registers[index], passed[index]);
  });
  std::vector<Value *> arguments;
  for (unsigned index : summary.arguments) {
    auto known = passed.find(index);
    arguments.push_back(known != passed.end() ? known->second : output.loadRegister(builder, registers[index]));
  }
  CallInst *returned = builder.CreateCall(interface.type, inValues(output, function, interface), arguments);
  Value *address = builder.getInt64(0), *rax = passed[RegisterIndex::Rax];
  auto ret = [&] {
    Value *results[] = {address, rax};
    builder.CreateAggregateRet(results, 2);
  };
  if (summary.mayLeave) {
    auto *left = BasicBlock::Create(output.context, "left", made), *back = BasicBlock::Create(output.context, "back", made);
    address = interface.address(builder, returned);
    builder.CreateCondBr(builder.CreateIsNull(address), back, left, MDBuilder(output.context).createBranchWeights(1 << 20, 1));
    builder.SetInsertPoint(left);
    ret();
    builder.SetInsertPoint(back);
    address = builder.getInt64(0);
  }
  for (unsigned i = 0; i < summary.results.size(); ++i) {
    Value *result = interface.result(builder, returned, i);
    if (summary.results[i] == RegisterIndex::Rax) rax = result;
    else output.storeRegister(builder, registers[summary.results[i]], result);
  }
  ret();
}

// The same for functions with registers in the struct.
void emitPointerToStruct(Output &output, const Function &function) {
  llvm::Function *made = output.declare(Output::nameOf(function) + ".pointer", output.pointerType);
  const std::vector<Register> &registers = registersOf(output.guest);
  IRBuilder<> builder(BasicBlock::Create(output.context, "", made));
  for (unsigned i = 0; i < made->arg_size(); ++i) output.storeRegister(builder, registers[RegisterSets::Pointer[i]], made->getArg(i));
  Value *stack = made->getArg(0);
  Value *next = builder.CreateAlignedLoad(builder.getInt64Ty(), builder.CreateIntToPtr(stack, builder.getPtrTy()), Align(1));
  CallInst *address = builder.CreateCall(output.liftedType, output.lifted(function), {builder.getInt64(0)});
  Value *popped = builder.CreateAdd(stack, builder.getInt64(Word));
  Value *balanced = builder.CreateICmpEQ(output.loadRegister(builder, registers[RegisterIndex::Rsp]), popped);
  Value *asCalled = builder.CreateAnd(builder.CreateICmpEQ(address, next), balanced);
  Value *results[] = {builder.CreateSelect(asCalled, builder.getInt64(0), address), output.loadRegister(builder, registers[RegisterIndex::Rax])};
  builder.CreateAggregateRet(results, 2);
}

} // namespace

void emitInRegisters(Output &output, Analysis &analysis) {
  for (auto &[address, function] : output.program.functions) analysis.bodies[address] = emitBody(output, function);
  analyseFrames(output, analysis);
  analyseLiveness(output, analysis);
  for (auto &[address, body] : analysis.bodies) {
    const Summary &summary = analysis.of(*body->guest);
    if (summary.inValues) {
      output.split.insert(address);
      RegisterEmitter(output, analysis, *body).run();
      emitWrapper(output, *body->guest, summary);
      if (output.program.isTaken(address)) emitPointer(output, *body->guest, summary);
    } else if (output.program.isTaken(address)) {
      emitPointerToStruct(output, *body->guest);
    }
  }
  for (auto &[address, body] : analysis.bodies) body->holder->eraseFromParent();
  if (llvm::Function *site = output.module.getFunction("hc.site")) site->eraseFromParent();
}

} // namespace hc
