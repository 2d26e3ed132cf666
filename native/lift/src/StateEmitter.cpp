// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that pass all registers in the runtime's struct.
//
// They store registers there before they call, return or jump out, and return the guest's address to go on at. When that is
// not where its caller wants to go on (longjmp, unwinding, a switch of contexts), the caller looks among its own entries, or
// else returns the address to its own caller. As all state lies in the struct, any frame of the right function will do.
#include "StateEmitter.h"
#include "Order.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/MDBuilder.h"

using namespace llvm;

namespace hc {

// Goes on at an address with the registers from the runtime's struct.
BasicBlock *StateEmitter::resumeAt(uint64_t address) {
  BasicBlock *&block = resumes[address];
  if (!block) {
    block = BasicBlock::Create(context, "resume." + utohexstr(address, true), lifted);
    IRBuilder<>::InsertPointGuard guard(builder);
    builder.SetInsertPoint(block);
    reload(allRegisters());
    jump(address);
  }
  return block;
}

void StateEmitter::emit() {
  builder.SetInsertPoint(entry);
  BasicBlock *body = blockAt(function.address);
  emitWork();
  for (uint64_t address : function.entries) resumeAt(address);
  emitWork();
  builder.SetInsertPoint(entry);
  if (function.entries.empty()) builder.CreateBr(body);
  else {
    SwitchInst *dispatch = builder.CreateSwitch(lifted->getArg(0), body, function.entries.size());
    addCases(dispatch);
    SmallVector<uint32_t> weights(dispatch->getNumCases() + 1, 1);
    weights[0] = 1 << 20;
    dispatch->setMetadata(LLVMContext::MD_prof, MDBuilder(context).createBranchWeights(weights));
  }
  if (elsewhere) {
    builder.SetInsertPoint(elsewhere);
    BasicBlock *out = BasicBlock::Create(context, "out", lifted);
    addCases(builder.CreateSwitch(elsewhereAddress, out, function.entries.size()));
    builder.SetInsertPoint(out);
    builder.CreateRet(elsewhereAddress);
  }
  finish();
}

void StateEmitter::addCases(SwitchInst *dispatch) {
  for (uint64_t address : function.entries)
    if (address != function.address) dispatch->addCase(builder.getInt64(address), resumeAt(address));
}

// --- where control leaves -----------------------------------------------------------------------------

bool StateEmitter::continuesAt(uint64_t address) {
  Program &program = output.program;
  if (program.isLocal(function, address)) return true;
  if (program.find(address)) return false;
  Function *other = program.owner(address);
  if (other && other->entries.count(address)) return false;
  return program.executable.isCode(address) && !function.end;
}

void StateEmitter::leave(uint64_t address) {
  Program &program = output.program;
  if (Function *other = program.find(address)) return tailCall(output.lifted(*other), word(0));
  Function *other = program.owner(address);
  if (other && other->entries.count(address)) return tailCall(output.resumable(*other), word(address));
  jumpIndirect(word(address)); // the runtime names it
}

void StateEmitter::leaveIndirect(Value *address) {
  tailCall(output.runtime("hc_guest_jump", builder.getInt64Ty(), {builder.getInt64Ty()}).getCallee(), address);
}

void StateEmitter::tailCall(Value *callee, Value *entryAddress) {
  flush(allRegisters());
  CallInst *call = builder.CreateCall(output.liftedType, callee, {entryAddress});
  call->setTailCallKind(CallInst::TCK_MustTail);
  builder.CreateRet(call);
}

void StateEmitter::call(Value *target, uint64_t constant, uint64_t next) {
  Value *callee;
  Function *known = constant ? output.program.find(constant) : nullptr;
  flush(withoutFlags());
  if (known) callee = output.lifted(*known);
  else callee = builder.CreateCall(output.runtime("hc_guest_find", builder.getPtrTy(), {builder.getInt64Ty()}), {target});
  CallInst *returned = builder.CreateCall(output.liftedType, callee, {known ? word(0) : target});
  if (!elsewhere) {
    elsewhere = BasicBlock::Create(context, "elsewhere", lifted);
    IRBuilder<>::InsertPointGuard guard(builder);
    builder.SetInsertPoint(elsewhere);
    elsewhereAddress = builder.CreatePHI(builder.getInt64Ty(), 4);
  }
  elsewhereAddress->addIncoming(returned, builder.GetInsertBlock());
  builder.CreateCondBr(builder.CreateICmpEQ(returned, word(next)), resumeAt(next), elsewhere,
                       MDBuilder(context).createBranchWeights(1 << 20, 1));
}

void StateEmitter::ret(Value *address) {
  flush(withoutFlags());
  builder.CreateRet(address);
}

void StateEmitter::systemCall(uint64_t next) {
  flush(allRegisters());
  builder.CreateCall(output.runtime("hc_guest_syscall", builder.getVoidTy(), {builder.getInt64Ty()}), {word(next)});
  reload(allRegisters());
  jump(next);
}

// --- variables and the runtime's struct ---------------------------------------------------------------
// Which variables there are is known at the end only: until then, marks.

static llvm::Instruction *mark(IRBuilder<> &builder) {
  return builder.CreateAlloca(builder.getInt8Ty()); // erased by finish()
}

void StateEmitter::flush(RegisterSet which) { flushes.push_back({mark(builder), which}); }
void StateEmitter::reload(RegisterSet which) { reloads.push_back({mark(builder), which}); }

void StateEmitter::emitFlush(const Mark &mark, RegisterSet written) {
  builder.SetInsertPoint(mark.before);
  for (auto &[which, place] : variables)
    if ((written & mark.which).has(indexOf(output.guest, *which))) output.storeRegister(builder, *which, readVariable(*which));
}

void StateEmitter::emitReload(llvm::Instruction *before, RegisterSet set) {
  builder.SetInsertPoint(before);
  for (auto &[which, place] : variables)
    if (set.has(indexOf(output.guest, *which))) builder.CreateStore(output.loadRegister(builder, *which), place);
}

void StateEmitter::finish() {
  RegisterSet written;
  for (auto &[which, place] : variables)
    if (llvm::any_of(place->users(), [](User *user) { return isa<StoreInst>(user); })) written.add(indexOf(output.guest, *which));
  emitReload(entry->getTerminator(), allRegisters());
  for (const Mark &mark : reloads) {
    emitReload(mark.before, mark.which);
    mark.before->eraseFromParent();
  }
  for (const Mark &mark : flushes) {
    emitFlush(mark, written);
    mark.before->eraseFromParent();
  }
  auto stack = variables.find(&registersOf(output.guest)[RegisterIndex::Rsp]);
  if (output.ordered) orderMemory(output, *lifted, pushesAndPops(*lifted, stack == variables.end() ? nullptr : stack->second));
}

} // namespace hc
