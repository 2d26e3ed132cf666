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
  llvm::LLVMContext &context;
  llvm::FunctionType *liftedType; // i64 (i64)
  llvm::GlobalVariable *registers; // the runtime's hc_guest
  llvm::MDNode *registerAccess, *memoryAccess; // they never alias
  std::map<std::string, size_t> unlifted;      // operations that libVEX gave and we don't know: how often

  llvm::Function *lifted(const Function &function);
  llvm::FunctionCallee runtime(const std::string &name, llvm::Type *result, llvm::ArrayRef<llvm::Type *> parameters);
};

class Emitter {
public:
  Emitter(Output &output, Function &function);
  void emit();

  // --- shared by the files that turn one kind of thing into IR ---
  llvm::Value *expression(const IRExpr *expression);
  llvm::Value *constant(const IRConst &constant);
  llvm::Value *operation(IROp operation, llvm::ArrayRef<llvm::Value *> arguments);
  void statement(const IRStmt &statement);
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
  // Between a flush and a reload the runtime's struct has the registers.
  void flush(bool withFlags);
  void reload();

  llvm::IRBuilder<> builder;
  llvm::LLVMContext &context;
  uint64_t current = 0; // address of the instruction

private:
  struct Mark {
    llvm::Instruction *before;
    bool withFlags;
  };
  llvm::AllocaInst *variable(const Register &which);
  llvm::Value *readVariable(const Register &which);
  void writeVariable(const Register &which, llvm::Value *value);
  llvm::Value *placeOf(const Register &which);

  llvm::BasicBlock *blockAt(uint64_t address);
  llvm::BasicBlock *resumeAt(uint64_t address);
  void emitBlock(uint64_t address);
  void emitChunk(uint64_t address, unsigned count);
  void emitRepeat(const Instruction &instruction);
  void emitEnd(const IRSB &code, uint64_t next);
  void jump(uint64_t address);
  llvm::BasicBlock *jumpBlock(uint64_t address);
  void jumpIndirect(llvm::Value *address);
  void tailCall(llvm::Value *callee, llvm::Value *entry);
  void call(llvm::Value *target, uint64_t constant, uint64_t next);
  void systemCall(uint64_t next);
  void finish();
  void emitFlush(const Mark &mark);
  void emitReload(llvm::Instruction *before);
  void addCases(llvm::SwitchInst *dispatch);

  Output &output;
  Function &function;
  llvm::Function *lifted;
  llvm::BasicBlock *entry;                         // allocas, first loads
  llvm::BasicBlock *elsewhere = nullptr;           // a call returned to another address
  llvm::PHINode *elsewhereAddress = nullptr;
  llvm::BasicBlock *indirect = nullptr;
  llvm::PHINode *indirectAddress = nullptr;
  std::map<uint64_t, llvm::BasicBlock *> blocks, resumes;
  std::deque<uint64_t> work;
  std::map<const Register *, llvm::AllocaInst *> variables;
  std::set<const Register *> written;
  std::vector<Mark> flushes;
  std::vector<llvm::Instruction *> reloads;
  std::vector<llvm::Value *> temporaries;
  const IRSB *code = nullptr;
};

} // namespace hc
