// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks and control flow of one function. It keeps the guest's registers in variables, of which LLVM makes values.
#include "ApartAArch64.h"
#include "Emitter.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/MDBuilder.h"
#include <cstring>

using namespace llvm;

namespace hc {

Output::Output(Module &module, Program &program)
    : module(module), program(program), guest(program.executable.guest), isa(isaOf(guest)), context(module.getContext()) {
  Type *word = Type::getInt64Ty(context);
  liftedType = FunctionType::get(word, {word}, false);
  pointerType = FunctionType::get(StructType::get(context, {word, word}), {word, word, word, word, word, word}, false);
  registers = new GlobalVariable(module, ArrayType::get(Type::getInt8Ty(context), 16), false, GlobalValue::ExternalLinkage,
                                 nullptr, "hc_guest", nullptr, GlobalValue::LocalExecTLSModel);
  registers->setAlignment(Align(16));
  MDBuilder metadata(context);
  MDNode *root = metadata.createTBAARoot("hc-lift");
  auto access = [&](StringRef name) {
    MDNode *type = metadata.createTBAAScalarTypeNode(name, root);
    return metadata.createTBAAStructTagNode(type, type, 0);
  };
  registerAccess = access("registers");
  memoryAccess = access("memory");
}

llvm::Function *Output::declare(const std::string &name, FunctionType *type) {
  if (llvm::Function *known = module.getFunction(name)) return known;
  auto *made = llvm::Function::Create(type, GlobalValue::InternalLinkage, name, module);
  made->addFnAttr(Attribute::NoUnwind);
  made->addFnAttr(Attribute::NullPointerIsValid); // guest addresses mean what they say
  return made;
}

std::string Output::nameOf(const Function &function) {
  return "guest." + utohexstr(function.address, true) + (function.name.empty() ? "" : "." + function.name);
}

llvm::Function *Output::lifted(const Function &function) { return declare(nameOf(function), liftedType); }

llvm::Function *Output::resumable(const Function &function) {
  if (!split.count(function.address)) return lifted(function);
  llvm::Function *made = declare(nameOf(function) + ".resumed", liftedType);
  made->addFnAttr(Attribute::Cold);
  return made;
}

FunctionCallee Output::runtime(const std::string &name, Type *result, ArrayRef<Type *> parameters) {
  return module.getOrInsertFunction(name, FunctionType::get(result, parameters, false));
}

Emitter::Emitter(Output &output, Function &function, llvm::Function *lifted)
    : builder(output.context), context(output.context), output(output), function(function), lifted(lifted) {
  entry = BasicBlock::Create(context, "entry", lifted);
}

// --- blocks -------------------------------------------------------------------------------------------

BasicBlock *Emitter::blockAt(uint64_t address) {
  BasicBlock *&block = blocks[address];
  if (!block) {
    block = BasicBlock::Create(context, "at." + utohexstr(address, true), lifted);
    work.push_back(address);
  }
  return block;
}

void Emitter::emitWork() {
  while (!work.empty()) {
    uint64_t address = work.front();
    work.pop_front();
    emitBlock(address);
  }
}

// Up to the next leader. What libVEX does not know ends a chunk.
void Emitter::emitBlock(uint64_t address) {
  builder.SetInsertPoint(blocks[address]);
  current = address;
  const Instruction &first = output.program.decode(address);
  switch (first.kind) {
  case Instruction::Illegal: return endIn("hc_guest_illegal", address);
  case Instruction::Unknown: return endIn("hc_guest_unlifted", address);
  case Instruction::X87:
    x87(first);
    return jump(first.next());
  case Instruction::RepeatString:
    emitRepeat(first);
    return jump(first.next());
  case Instruction::Apart: {
    uint32_t word;
    memcpy(&word, output.program.executable.at(address), sizeof word);
    emitApart(*this, word);
    return jump(first.next());
  }
  case Instruction::Normal: break;
  }
  constexpr unsigned MostInstructions = 90; // libVEX takes 100
  unsigned count = 0;
  for (uint64_t at = address;;) {
    const Instruction &instruction = output.program.decode(at);
    if (instruction.kind != Instruction::Normal) break;
    ++count;
    at = instruction.next();
    if (instruction.ends || count >= MostInstructions || function.leaders.count(at) || output.program.find(at)) break;
  }
  emitChunk(address, count);
}

void Emitter::emitChunk(uint64_t address, unsigned count) {
  vex::Block block = vex::lift(output.program.executable.at(address), address, count);
  if (!block.code) return endIn("hc_guest_unlifted", address);
  code = block.code;
  temporaries.assign(code->tyenv->types_used, nullptr);
  for (int i = 0; i < code->stmts_used; ++i) statement(*code->stmts[i]);
  emitEnd(*code, address + block.length);
}

void Emitter::emitEnd(const IRSB &code, uint64_t next) {
  bool isConstant = code.next->tag == Iex_Const;
  uint64_t constant = isConstant ? code.next->Iex.Const.con->Ico.U64 : 0;
  switch (code.jumpkind) {
  case Ijk_Boring:
  case Ijk_Yield:
  case Ijk_EmWarn:
  case Ijk_InvalICache:
  case Ijk_FlushDCache:
    if (isConstant) jump(constant);
    else jumpIndirect(expression(code.next));
    break;
  case Ijk_Call: call(expression(code.next), constant, next); break;
  case Ijk_Ret: ret(expression(code.next)); break;
  case Ijk_Sys_syscall: systemCall(next); break;
  default: endIn("hc_guest_unlifted", current); break;
  }
}

// --- jumps and calls ----------------------------------------------------------------------------------

void Emitter::jump(uint64_t address) {
  if (continuesAt(address)) builder.CreateBr(blockAt(address));
  else leave(address);
}

BasicBlock *Emitter::jumpBlock(uint64_t address) {
  if (continuesAt(address)) return blockAt(address);
  auto *block = BasicBlock::Create(context, "leave", lifted);
  IRBuilder<>::InsertPointGuard guard(builder);
  builder.SetInsertPoint(block);
  jump(address);
  return block;
}

// All indirect jumps of a function share one switch over the targets of its tables, and of those of its parts that lie apart.
void Emitter::jumpIndirect(Value *address) {
  if (!indirect) {
    indirect = BasicBlock::Create(context, "indirect", lifted);
    IRBuilder<>::InsertPointGuard guard(builder);
    builder.SetInsertPoint(indirect);
    indirectAddress = builder.CreatePHI(builder.getInt64Ty(), 2);
    auto *out = BasicBlock::Create(context, "indirect.out", lifted);
    dispatch = builder.CreateSwitch(indirectAddress, out, function.jumpTargets.size());
    addTargets(function);
    builder.SetInsertPoint(out);
    leaveIndirect(indirectAddress);
  }
  if (Function *part = output.program.around(current); part && part != &function) addTargets(*part);
  indirectAddress->addIncoming(address, builder.GetInsertBlock());
  builder.CreateBr(indirect);
}

void Emitter::addTargets(const Function &part) {
  for (uint64_t target : part.jumpTargets)
    if (indirectTargets.insert(target).second) dispatch->addCase(builder.getInt64(target), jumpBlock(target));
}

// --- rep movs, rep stos -------------------------------------------------------------------------------

void Emitter::emitRepeat(const Instruction &instruction) {
  const uint8_t *bytes = output.program.executable.at(instruction.address);
  uint8_t opcode = bytes[instruction.opcodeAt];
  bool wide = false, narrow = false;
  for (unsigned i = 0; i < instruction.opcodeAt; ++i) {
    narrow |= bytes[i] == 0x66;
    wide |= i + 1 == instruction.opcodeAt && (bytes[i] & 0xf8) == 0x48; // REX.W
  }
  uint64_t size = opcode == 0xa4 || opcode == 0xaa ? 1 : wide ? 8 : narrow ? 2 : 4;
  const unsigned directionAt = offsetof(VexGuestAMD64State, guest_DFLAG);
  Value *to = readRegister(RegisterIndex::Rdi), *count = readRegister(RegisterIndex::Rcx);
  Value *direction = read(directionAt, builder.getInt64Ty());
  Value *length = builder.CreateMul(count, builder.CreateMul(direction, word(size)));
  if (opcode < 0xaa) {
    Value *from = readRegister(RegisterIndex::Rsi);
    helper("hc_guest_repeat_move", builder.getVoidTy(), {to, from, count, direction, word(size)});
    writeRegister(RegisterIndex::Rsi, builder.CreateAdd(from, length));
  } else helper("hc_guest_repeat_store", builder.getVoidTy(), {to, readRegister(RegisterIndex::Rax), count, direction, word(size)});
  writeRegister(RegisterIndex::Rdi, builder.CreateAdd(to, length));
  writeRegister(RegisterIndex::Rcx, word(0));
}

// --- what the runtime does ----------------------------------------------------------------------------

Value *Emitter::helper(const std::string &name, Type *result, ArrayRef<Value *> arguments, bool pure) {
  SmallVector<Type *, 6> types;
  for (Value *argument : arguments) types.push_back(argument->getType());
  CallInst *call = builder.CreateCall(output.runtime(name, result, types), arguments);
  if (pure) call->setDoesNotAccessMemory();
  return call;
}

void Emitter::endIn(const std::string &name, uint64_t address) {
  CallInst *call = cast<CallInst>(helper(name, builder.getVoidTy(), {word(address)}));
  call->setDoesNotReturn();
  builder.CreateUnreachable();
}

void Emitter::unlifted(const std::string &what) {
  ++output.unlifted[what];
  endIf(builder.getTrue(), "hc_guest_unlifted");
}

void Emitter::endIf(Value *condition, const std::string &name) {
  auto *end = BasicBlock::Create(context, "end", lifted), *after = BasicBlock::Create(context, "", lifted);
  builder.CreateCondBr(condition, end, after, MDBuilder(context).createBranchWeights(1, 1 << 20));
  builder.SetInsertPoint(end);
  endIn(name, current);
  builder.SetInsertPoint(after);
}

} // namespace hc
