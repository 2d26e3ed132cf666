// SPDX-License-Identifier: GPL-3.0-or-later
// The executable to lift, as far as lifting needs it.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hc {

enum class Guest { X86_64, AArch64 };

struct Range {
  uint64_t begin = 0, end = 0;
  bool contains(uint64_t address) const { return address >= begin && address < end; }
};

// What libVEX may read behind the last instruction.
constexpr size_t Slack = 64;

struct Segment {
  uint64_t address = 0, memorySize = 0;
  std::vector<uint8_t> bytes; // what the file has, and Slack
  bool executable = false, writable = false;
  uint64_t fileSize() const { return bytes.size() - Slack; }
  Range inFile() const { return {address, address + fileSize()}; }
};

struct FunctionSymbol {
  uint64_t size = 0;
  std::string name;
};

// One entry of .eh_frame.
struct Frame {
  Range code;
  uint64_t exceptions = 0; // address of its LSDA, or 0
};

struct Executable {
  Guest guest = Guest::X86_64;
  uint64_t entry = 0;
  uint64_t headers = 0, headerCount = 0; // program headers: address in memory, number
  std::vector<Segment> segments;
  std::vector<Range> code; // sections with instructions, or executable segments of a file without section headers
  std::map<uint64_t, FunctionSymbol> symbols;
  std::vector<Frame> frames;
  // What a position-independent executable puts into its own words when it starts: address of the word to its value.
  std::map<uint64_t, uint64_t> relocated;

  bool isCode(uint64_t address) const;
  // The file's bytes at an address; null when it has fewer than `size` there. Slack may be read besides.
  const uint8_t *at(uint64_t address, uint64_t size = 1) const;
  // The word at an address as the program sees it; the file must have it.
  uint64_t word(uint64_t address) const;
};

// Reads and checks a file. On failure `problem` says what is wrong, and what to do.
std::optional<Executable> readExecutable(const std::string &path, std::string &problem);

// Landing pads that an LSDA names for a function.
std::vector<uint64_t> landingPads(const Executable &executable, const Frame &frame);

} // namespace hc
