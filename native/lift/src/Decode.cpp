// SPDX-License-Identifier: GPL-3.0-or-later
// One instruction: its length, and where control goes.
#include "Guest.h"
#include "Program.h"
#include "Vex.h"

namespace hc {
namespace {

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

void noteWrite(int offset, Instruction &instruction) {
  const unsigned index = (unsigned(offset) - unsigned(offsetof(VexGuestARM64State, guest_X0))) / 8;
  if (index < 31) instruction.writes |= 1u << index;
}

void readStatements(const IRSB &code, Guest guest, Instruction &instruction) {
  for (int i = 0; i < code.stmts_used; ++i) {
    const IRStmt &statement = *code.stmts[i];
    switch (statement.tag) {
    case Ist_Put:
      if (statement.Ist.Put.offset == code.offsIP) break;
      // What follows must not be computed before, nor libVEX see that it is written again.
      if (statement.Ist.Put.offset == int(isaOf(guest).rounding)) instruction.ends = true;
      // An address takes several instructions on aarch64: ConstantFlow.cpp.
      if (guest == Guest::AArch64) noteWrite(statement.Ist.Put.offset, instruction);
      else addConstants(instruction.constants, statement.Ist.Put.data);
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
  case Ijk_Sys_syscall: instruction.isSystemCall = instruction.ends = instruction.fallsThrough = true; break;
  case Ijk_Yield:
  case Ijk_EmWarn:
  case Ijk_InvalICache:
  case Ijk_FlushDCache: instruction.ends = instruction.fallsThrough = true; break;
  default: instruction.kind = Instruction::Unknown; break;
  }
}

} // namespace

const Instruction &Program::decode(uint64_t address) {
  static const Instruction None;
  const GuestIsa &isa = isaOf(executable.guest);
  if (address % isa.alignment) return None;
  auto [entry, added] = instructions.try_emplace(address);
  Instruction &instruction = entry->second;
  if (!added) return instruction;
  instruction.address = address;
  const uint8_t *bytes = executable.isCode(address) ? executable.at(address) : nullptr;
  if (!bytes) return instruction;
  if (isa.decodeApart(bytes, instruction)) {
    instruction.ends = instruction.kind == Instruction::Illegal;
    instruction.fallsThrough = !instruction.ends;
    return instruction;
  }
  vex::Block block = vex::lift(bytes, address, 1);
  if (!block.code || !block.length) return instruction;
  instruction.kind = Instruction::Normal;
  instruction.length = block.length;
  instruction.ends = false;
  readStatements(*block.code, executable.guest, instruction);
  readEnd(*block.code, instruction);
  if (instruction.kind == Instruction::Unknown) instruction.ends = true, instruction.fallsThrough = false;
  return instruction;
}

} // namespace hc
