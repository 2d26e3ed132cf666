// SPDX-License-Identifier: GPL-3.0-or-later
#include "Tables.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"
#include "tables.h"

using namespace llvm;

namespace hc {
namespace {

constexpr uint64_t PageSize = 4096;
constexpr uint64_t ZerosAlignment = 64; // no less than what the code generator gives to large arrays

void define(Output &output, StringRef name, Constant *value) {
  auto *global = new GlobalVariable(output.module, value->getType(), true, GlobalValue::ExternalLinkage, value, name);
  global->setAlignment(Align(16));
}

void place(Output &output, StringRef section, Constant *contents, bool constant, uint64_t alignment, SmallVectorImpl<GlobalValue *> &kept) {
  auto *global = new GlobalVariable(output.module, contents->getType(), constant, GlobalValue::InternalLinkage, contents, "hc_guest_memory");
  global->setSection(section);
  global->setAlignment(Align(alignment));
  kept.push_back(global);
}

} // namespace

// Each segment at the guest's own address; hc-codegen knows it by the name of the section.
void addMemory(Output &output) {
  SmallVector<GlobalValue *> kept;
  for (const Segment &segment : output.program.executable.segments) {
    uint64_t begin = alignDown(segment.address, PageSize), end = segment.address + segment.memorySize;
    uint64_t fileEnd = std::min(alignTo(segment.address + segment.fileSize(), ZerosAlignment), alignTo(end, ZerosAlignment));
    if (segment.fileSize()) {
      std::vector<uint8_t> bytes(fileEnd - begin, 0);
      std::copy(segment.bytes.begin(), segment.bytes.end() - Slack, bytes.begin() + (segment.address - begin));
      place(output, ".hc.guest." + utohexstr(begin, true), ConstantDataArray::get(output.context, bytes), !segment.writable, PageSize, kept);
    } else fileEnd = begin;
    if (end > fileEnd) {
      auto *zeros = ConstantAggregateZero::get(ArrayType::get(Type::getInt8Ty(output.context), end - fileEnd));
      place(output, ".bss.hc.guest." + utohexstr(fileEnd, true), zeros, false, ZerosAlignment, kept);
    }
  }
  appendToUsed(output.module, kept);
}

// What is called through a pointer without that the pointer was found: the one for the runtime's struct, which gives back all
// registers. Null when it uses or clobbers some that callers don't reckon with; at run time, the program is then told.
static llvm::Function *calledUnexpectedly(Output &output, const Analysis &analysis, const Function &function) {
  auto known = analysis.summaries.find(function.address);
  if (known == analysis.summaries.end()) return output.resumable(function);
  const Summary &summary = known->second;
  bool fits = summary.uses.within(analysis.takenUses) && summary.clobbers.within(analysis.takenClobbers);
  return fits ? output.resumable(function) : nullptr;
}

// The rule is in runtime/lift/tables.h.
void addCodeTable(Output &output, const Analysis &analysis) {
  struct Code {
    uint64_t key;
    llvm::Function *function = nullptr, *pointer = nullptr;
  };
  std::map<uint64_t, Code> code; // by address
  for (auto &[address, function] : output.program.functions)
    for (uint64_t entry : function.entries) code[entry] = {entry | LIFTED_RETURN_SITE, output.resumable(function)};
  for (auto &[address, function] : output.program.functions) {
    llvm::Function *begin = output.program.isTaken(address) ? output.lifted(function) : calledUnexpectedly(output, analysis, function);
    if (begin) code[address] = {address, begin, output.throughPointer(function)};
  }
  unsigned bits = std::max(4u, Log2_64_Ceil(2 * code.size() + 1));
  const uint64_t mask = (1ull << bits) - 1;
  std::vector<Code> places(mask + 1, Code{0});
  for (auto &[address, value] : code) {
    uint64_t at = address * LIFTED_CODE_MULTIPLIER >> (64 - bits);
    while (places[at].function) at = (at + 1) & mask;
    places[at] = value;
  }
  Type *word = Type::getInt64Ty(output.context), *pointer = PointerType::get(output.context, 0);
  auto *entryType = StructType::get(output.context, {word, pointer, pointer});
  auto place = [&](llvm::Function *function) -> Constant * {
    if (function) return function;
    return ConstantPointerNull::get(cast<PointerType>(pointer));
  };
  std::vector<Constant *> entries;
  for (const Code &each : places)
    entries.push_back(ConstantStruct::get(entryType, {ConstantInt::get(word, each.key), place(each.function), place(each.pointer)}));
  define(output, "hc_guest_code", ConstantArray::get(ArrayType::get(entryType, entries.size()), entries));
  define(output, "hc_guest_code_shift", ConstantInt::get(word, 64 - bits));
  const Executable &executable = output.program.executable;
  Range all{~0ull, 0};
  for (const Range &range : executable.code) all = {std::min(all.begin, range.begin), std::max(all.end, range.end)};
  define(output, "hc_guest_code_begin", ConstantInt::get(word, all.begin));
  define(output, "hc_guest_code_end", ConstantInt::get(word, all.end));
  define(output, "hc_guest_ordered", ConstantInt::get(word, output.ordered));
  define(output, "hc_guest_entry", ConstantInt::get(word, executable.entry));
  define(output, "hc_guest_headers", ConstantInt::get(word, executable.headers));
  define(output, "hc_guest_header_count", ConstantInt::get(word, executable.headerCount));
}

} // namespace hc
