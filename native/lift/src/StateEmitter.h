// SPDX-License-Identifier: GPL-3.0-or-later
// Functions that pass all registers in the runtime's struct.
#pragma once
#include "Emitter.h"

namespace hc {

class StateEmitter : public Emitter {
public:
  StateEmitter(Output &output, Function &function) : Emitter(output, function, output.resumable(function)) {}
  void emit();

private:
  struct Mark {
    llvm::Instruction *before;
    RegisterSet which;
  };
  void flush(RegisterSet which) override;
  void reload(RegisterSet which) override;
  bool continuesAt(uint64_t address) override;
  void leave(uint64_t address) override;
  void leaveIndirect(llvm::Value *address) override;
  void call(llvm::Value *target, uint64_t constant, uint64_t next) override;
  void ret(llvm::Value *address) override;
  void systemCall(uint64_t next) override;

  llvm::BasicBlock *resumeAt(uint64_t address);
  void tailCall(llvm::Value *callee, llvm::Value *entry);
  void addCases(llvm::SwitchInst *dispatch);
  void emitFlush(const Mark &mark, RegisterSet written);
  void emitReload(llvm::Instruction *before, RegisterSet which);
  void finish();
  // By the ABI flags mean nothing after a call or return.
  RegisterSet withoutFlags() const { return allRegisters() - flagsOf(output.guest); }

  llvm::BasicBlock *elsewhere = nullptr; // a call returned to another address
  llvm::PHINode *elsewhereAddress = nullptr;
  std::map<uint64_t, llvm::BasicBlock *> resumes;
  std::vector<Mark> flushes;
  std::vector<Mark> reloads;
};

} // namespace hc
