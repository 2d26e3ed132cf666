// SPDX-License-Identifier: GPL-3.0-or-later
// From libVEX's representation to LLVM's: one guest function at a time.
#pragma once
#include "Program.h"
#include "Registers.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "Vex.h"
#include <deque>

namespace hc {

// What all functions of the output share.
struct Output {
  Output(llvm::Module &module, Program &program);
  llvm::Module &module;
  Program &program;
  Guest guest;
  const GuestIsa &isa;
  llvm::LLVMContext &context;
  llvm::FunctionType *liftedType; // i64 (i64): registers are in the runtime's struct
  llvm::GlobalVariable *registers; // the runtime's hc_guest
  llvm::MDNode *registerAccess, *memoryAccess; // they never alias
  bool ordered = false; // threads may see in which order memory is accessed (Order.h)
  std::map<std::string, size_t> unlifted;      // operations that libVEX gave and we don't know: how often

  llvm::Function *lifted(const Function &function);
  // The one that can be entered at return sites, too. The same, unless there is one with registers in values.
  llvm::Function *resumable(const Function &function);
  std::set<uint64_t> split; // functions that have both
  // The one for calls through pointers with some registers in values, or null.
  llvm::Function *throughPointer(const Function &function) { return module.getFunction(nameOf(function) + ".pointer"); }
  llvm::FunctionType *pointerType; // {i64, i64} (i64...): runtime/lift/lift.h
  static std::string nameOf(const Function &function);
  llvm::Function *declare(const std::string &name, llvm::FunctionType *type);
  llvm::Value *placeOf(llvm::IRBuilder<> &builder, const Register &which);
  llvm::Value *loadRegister(llvm::IRBuilder<> &builder, const Register &which);
  void storeRegister(llvm::IRBuilder<> &builder, const Register &which, llvm::Value *value);
  llvm::Type *typeOf(const Register &which);
  llvm::FunctionCallee runtime(const std::string &name, llvm::Type *result, llvm::ArrayRef<llvm::Type *> parameters);
};

// What is the same for all ways to pass registers: blocks, jumps within the function, instructions. What happens where control
// leaves the function depends on the way.
class Emitter {
public:
  Emitter(Output &output, Function &function, llvm::Function *lifted);
  virtual ~Emitter() = default;

  // --- shared by the files that turn one kind of thing into IR ---
  llvm::Value *expression(const IRExpr *expression);
  llvm::Value *constant(const IRConst &constant);
  llvm::Value *operation(IROp operation, llvm::ArrayRef<llvm::Value *> arguments);
  void statement(const IRStmt &statement);
  virtual void setRounding(llvm::Value *mode);
  void x87(const Instruction &instruction);

  llvm::Type *type(IRType type);
  llvm::Value *word(uint64_t value) { return builder.getInt64(value); }
  llvm::Value *read(unsigned vexOffset, llvm::Type *type);
  void write(unsigned vexOffset, llvm::Value *value);
  llvm::Value *readRegister(unsigned index);
  void writeRegister(unsigned index, llvm::Value *value);
  llvm::Value *load(llvm::Type *type, llvm::Value *address);
  void store(llvm::Value *value, llvm::Value *address);
  // A call of the runtime that doesn't touch registers.
  llvm::Value *helper(const std::string &name, llvm::Type *result, llvm::ArrayRef<llvm::Value *> arguments, bool pure = false);
  // Ends the block: the runtime's function `name` does not return.
  void endIn(const std::string &name, uint64_t address);
  // The program ends if it gets here; what follows in the block is emitted, but never run.
  void unlifted(const std::string &what);
  // Ends the program when `condition` holds.
  void endIf(llvm::Value *condition, const std::string &name);

  llvm::IRBuilder<> builder;
  llvm::LLVMContext &context;
  uint64_t current = 0; // address of the instruction
  const GuestIsa &guest() const { return output.isa; }

protected:
  // Between the two the runtime's struct has these registers.
  virtual void flush(RegisterSet which) = 0;
  virtual void reload(RegisterSet which) = 0;
  // Is it emitted as a part of this function?
  virtual bool continuesAt(uint64_t address) = 0;
  // Each ends the block.
  virtual void leave(uint64_t address) = 0; // a jump out of the function
  virtual void leaveIndirect(llvm::Value *address) = 0;
  virtual void call(llvm::Value *target, uint64_t constant, uint64_t next) = 0;
  virtual void ret(llvm::Value *address) = 0;
  virtual void systemCall(uint64_t next) = 0;

  RegisterSet allRegisters() const { return RegisterSet::all(registersOf(output.guest).size()); }
  llvm::AllocaInst *variable(const Register &which);
  llvm::Value *readVariable(const Register &which);
  void writeVariable(const Register &which, llvm::Value *value);
  void emitWork();
  llvm::BasicBlock *blockAt(uint64_t address);
  void jump(uint64_t address);
  void jumpIndirect(llvm::Value *address);
  std::set<uint64_t> indirectTargets; // of the indirect jumps emitted so far

  Output &output;
  Function &function;
  llvm::Function *lifted;
  llvm::BasicBlock *entry; // allocas, first loads
  std::map<const Register *, llvm::AllocaInst *> variables;

private:
  void emitBlock(uint64_t address);
  void emitChunk(uint64_t address, unsigned count);
  void emitRepeat(const Instruction &instruction);
  void emitEnd(const IRSB &code, uint64_t next);
  llvm::BasicBlock *jumpBlock(uint64_t address);
  void addTargets(const Function &part);

  llvm::BasicBlock *indirect = nullptr;
  llvm::PHINode *indirectAddress = nullptr;
  llvm::SwitchInst *dispatch = nullptr;
  std::map<uint64_t, llvm::BasicBlock *> blocks;
  std::deque<uint64_t> work;
  std::vector<llvm::Value *> temporaries;
  const IRSB *code = nullptr;
};

// An operation that only aarch64 has; null when it is none.
llvm::Value *neonOperation(Emitter &emitter, IRType result, llvm::StringRef name, llvm::ArrayRef<llvm::Value *> arguments);

} // namespace hc
