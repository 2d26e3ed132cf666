// SPDX-License-Identifier: GPL-3.0-or-later
#include "Report.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include <algorithm>

using namespace llvm;

namespace hc {
namespace {

std::string hex(uint64_t address) { return "0x" + utohexstr(address, true); }

// Bytes of code that no instruction was decoded at, as ranges. Padding between functions is not counted.
json::Array neverReached(const Program &program, uint64_t &bytes) {
  constexpr uint64_t Padding = 16;
  std::vector<Range> known;
  for (auto &[address, instruction] : program.allInstructions())
    if (instruction.length) known.push_back({address, instruction.next()});
  llvm::sort(known, [](const Range &a, const Range &b) { return a.begin < b.begin; });
  json::Array ranges;
  bytes = 0;
  for (const Range &code : program.executable.code) {
    uint64_t at = code.begin;
    auto gap = [&](uint64_t end) {
      if (end <= at || end - at < Padding) return;
      ranges.push_back(json::Array{hex(at), hex(end)});
      bytes += end - at;
    };
    for (const Range &range : known) {
      if (!code.contains(range.begin)) continue;
      gap(range.begin);
      at = std::max(at, range.end);
    }
    gap(code.end);
  }
  return ranges;
}

} // namespace

bool writeReport(const Output &output, const std::string &path) {
  const Program &program = output.program;
  json::Array functions, undecoded, unresolved;
  for (auto &[address, function] : program.functions) {
    functions.push_back(json::Object{
        {"address", hex(address)}, {"name", function.name}, {"found", function.found}, {"jumpTargets", int64_t(function.jumpTargets.size())}});
    if (function.jumpTargets.empty())
      for (uint64_t jump : function.indirectJumps) unresolved.push_back(json::Object{{"address", hex(jump)}, {"function", hex(address)}});
  }
  std::vector<uint64_t> unknown;
  for (auto &[address, instruction] : program.allInstructions())
    if (instruction.kind == Instruction::Unknown) unknown.push_back(address);
  llvm::sort(unknown);
  for (uint64_t address : unknown) {
    std::string bytes;
    if (const uint8_t *code = program.executable.at(address)) bytes = toHex(ArrayRef<uint8_t>(code, 8), true);
    undecoded.push_back(json::Object{{"address", hex(address)}, {"bytes", bytes}});
  }
  json::Object operations;
  for (auto &[name, count] : output.unlifted) operations[name] = int64_t(count);
  uint64_t bytes;
  json::Array never = neverReached(program, bytes);
  json::Object report{{"entry", hex(program.executable.entry)},
                      {"instructions", int64_t(program.instructionCount())},
                      {"functions", std::move(functions)},
                      {"undecoded", std::move(undecoded)},
                      {"unlifted", std::move(operations)},
                      {"indirectJumps", std::move(unresolved)},
                      {"neverReached", std::move(never)},
                      {"neverReachedBytes", int64_t(bytes)},
                      {"ordered", output.ordered}};
  std::error_code failure;
  raw_fd_ostream file(path, failure, sys::fs::OF_None);
  if (failure) return false;
  file << json::Value(std::move(report)) << "\n";
  file.close();
  bool good = !file.has_error();
  file.clear_error();
  return good;
}

} // namespace hc
