// SPDX-License-Identifier: GPL-3.0-or-later
// One instruction: its length, and where control goes.
#include "Program.h"
#include "llvm/Support/Casting.h"
#include "Vex.h"
#include "X87.h"

namespace hc {
namespace {

// Intel SDM volume 2, 2.1.1.
bool isPrefix(uint8_t byte) {
  switch (byte) {
  case 0x66: case 0x67: case 0xf0: case 0xf2: case 0xf3: case 0x2e: case 0x36: case 0x3e: case 0x26: case 0x64: case 0x65: return true;
  default: return false;
  }
}

// Instructions that are not left to libVEX.
bool decodeApart(const uint8_t *bytes, Instruction &instruction) {
  unsigned at = 0;
  bool repeat = false, shortAddress = false;
  while (at < 8 && isPrefix(bytes[at])) {
    repeat |= bytes[at] == 0xf3 || bytes[at] == 0xf2;
    shortAddress |= bytes[at] == 0x67;
    ++at;
  }
  if ((bytes[at] & 0xf0) == 0x40) ++at; // REX
  const uint8_t opcode = bytes[at];
  instruction.opcodeAt = at;
  if (isX87(opcode)) {
    instruction.kind = Instruction::X87;
    instruction.length = at + x87Length(bytes + at);
    instruction.ends = false;
    return true;
  }
  if (repeat && !shortAddress && (opcode == 0xa4 || opcode == 0xa5 || opcode == 0xaa || opcode == 0xab)) {
    instruction.kind = Instruction::RepeatString;
    instruction.length = at + 1;
    instruction.ends = false;
    return true;
  }
  if (opcode == 0xf4 || (opcode == 0x0f && bytes[at + 1] == 0x0b)) {
    instruction.kind = Instruction::Illegal;
    instruction.length = at + (opcode == 0xf4 ? 1 : 2);
    return true;
  }
  return false;
}

void addConstant(std::vector<uint64_t> &constants, const IRExpr *expression) {
  if (!expression || expression->tag != Iex_Const) return;
  const IRConst &constant = *expression->Iex.Const.con;
  if (constant.tag == Ico_U64) constants.push_back(constant.Ico.U64);
  else if (constant.tag == Ico_U32) constants.push_back(constant.Ico.U32);
}

void addConstants(std::vector<uint64_t> &constants, const IRExpr *expression) {
  addConstant(constants, expression);
  switch (expression->tag) {
  case Iex_Unop: addConstant(constants, expression->Iex.Unop.arg); break;
  case Iex_Binop:
    addConstant(constants, expression->Iex.Binop.arg1);
    addConstant(constants, expression->Iex.Binop.arg2);
    break;
  case Iex_Load: addConstant(constants, expression->Iex.Load.addr); break;
  case Iex_ITE:
    addConstant(constants, expression->Iex.ITE.iftrue);
    addConstant(constants, expression->Iex.ITE.iffalse);
    break;
  default: break;
  }
}

void readStatements(const IRSB &code, Instruction &instruction) {
  for (int i = 0; i < code.stmts_used; ++i) {
    const IRStmt &statement = *code.stmts[i];
    switch (statement.tag) {
    case Ist_Put:
      if (statement.Ist.Put.offset != code.offsIP) addConstants(instruction.constants, statement.Ist.Put.data);
      break;
    case Ist_Store: addConstants(instruction.constants, statement.Ist.Store.data); break;
    case Ist_WrTmp: addConstants(instruction.constants, statement.Ist.WrTmp.data); break;
    case Ist_Exit:
      // Others are checks of alignment and emulation warnings.
      if (statement.Ist.Exit.jk != Ijk_Boring) break;
      instruction.targets.push_back(statement.Ist.Exit.dst->Ico.U64);
      instruction.ends = true;
      break;
    default: break;
    }
  }
}

void readEnd(const IRSB &code, Instruction &instruction) {
  const bool constant = code.next->tag == Iex_Const;
  const uint64_t next = constant ? code.next->Iex.Const.con->Ico.U64 : 0;
  switch (code.jumpkind) {
  case Ijk_Boring:
    instruction.indirect = !constant;
    if (constant && next == instruction.next()) instruction.fallsThrough = true;
    else {
      instruction.ends = true;
      if (constant) instruction.targets.push_back(next);
    }
    break;
  case Ijk_Call:
    instruction.isCall = instruction.ends = instruction.fallsThrough = true;
    instruction.indirect = !constant;
    instruction.callee = next;
    break;
  case Ijk_Ret: instruction.isReturn = instruction.ends = true; break;
  case Ijk_Sys_syscall:
  case Ijk_Yield:
  case Ijk_EmWarn:
  case Ijk_InvalICache:
  case Ijk_FlushDCache: instruction.ends = instruction.fallsThrough = true; break;
  default: instruction.kind = Instruction::Unknown; break;
  }
}

} // namespace

const Instruction &Program::decode(uint64_t address) {
  auto [entry, added] = instructions.try_emplace(address);
  Instruction &instruction = entry->second;
  if (!added) return instruction;
  instruction.address = address;
  const uint8_t *bytes = executable.isCode(address) ? executable.at(address) : nullptr;
  if (!bytes) return instruction;
  if (decodeApart(bytes, instruction)) {
    instruction.fallsThrough = instruction.kind != Instruction::Illegal;
    return instruction;
  }
  vex::Block block = vex::lift(bytes, address, 1);
  if (!block.code || !block.length) return instruction;
  instruction.kind = Instruction::Normal;
  instruction.length = block.length;
  instruction.ends = false;
  readStatements(*block.code, instruction);
  readEnd(*block.code, instruction);
  if (instruction.kind == Instruction::Unknown) instruction.ends = true, instruction.fallsThrough = false;
  return instruction;
}

} // namespace hc
