// SPDX-License-Identifier: GPL-3.0-or-later
// The program as instructions and functions.
#pragma once
#include "Elf.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <functional>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace hc {

struct Instruction {
  enum Kind {
    Normal,       // libVEX knows it
    X87,          // decoded apart: libVEX computes in 64 bits (X87.h)
    RepeatString, // rep movs, rep stos
    Apart,        // aarch64's that libVEX computes differently (ApartAArch64.h)
    Illegal,      // ud2, hlt; udf, brk
    Unknown,      // not decodable: data, or what libVEX doesn't know
  };
  uint64_t address = 0;
  Kind kind = Unknown;
  uint8_t length = 0;
  uint8_t opcodeAt = 0; // offset of the opcode byte, for X87 and RepeatString
  bool ends = true;     // control may go elsewhere than to the next instruction
  bool isSystemCall = false;
  bool fallsThrough = false;
  bool isCall = false, indirect = false, isReturn = false;
  uint64_t callee = 0;                // of a direct call
  std::vector<uint64_t> targets;      // jumps within the code
  std::vector<uint64_t> constants;    // values it computes with that may be addresses
  uint32_t writes = 0;                // aarch64: general registers
  uint64_t next() const { return address + length; }
};

struct Function {
  uint64_t address = 0;
  std::string name;
  const char *found = ""; // how: "symbol", "frame", "call", ...
  uint64_t end = 0;       // 0: not known
  std::set<uint64_t> leaders;         // where blocks begin
  std::set<uint64_t> entries;         // return sites, landing pads: where it is entered besides its begin
  std::set<uint64_t> jumpTargets;     // of its indirect jumps
  std::set<uint64_t> indirectJumps;   // addresses of them
  std::set<uint64_t> systemCalls;     // what follows them
  bool numbersClone = false;          // has clone's number in a register
  bool contains(uint64_t at) const { return at == address || (end && at > address && at < end); }
};

class Program {
public:
  explicit Program(const Executable &executable) : executable(executable) {}

  // Finds functions from the entry point, symbols, unwind tables, calls and pointers; `more`: addresses the user gives.
  void discover(const std::vector<uint64_t> &more);

  const Instruction &decode(uint64_t address);
  // Is a jump from `from` to `address` one within the function?
  bool isLocal(const Function &from, uint64_t address) const;
  // Is a jump there one to another function, and not to a part of this one that lies apart?
  bool isSeparate(uint64_t address) const { return functions.count(address) && (called.count(address) || taken.count(address)); }
  // May a call through a pointer lead there?
  bool isTaken(uint64_t address) const { return taken.count(address); }
  // Where a function ends at the latest whose extent is not known: the next one begins there.
  uint64_t limit(const Function &function) const;
  // Does any code refer to data there?
  bool isReferenced(uint64_t address) const { return references.count(address); }
  // The function that an address lies in by symbols and unwind tables, or null.
  Function *owner(uint64_t address);
  Function *find(uint64_t address);
  // The function that begins last before an address, or null.
  Function *around(uint64_t address);

  const Executable &executable;
  std::map<uint64_t, Function> functions;
  // Is there a call of clone, and a number that asks for a thread?
  bool makesThreads() const;
  size_t instructionCount() const { return instructions.size(); }
  const std::unordered_map<uint64_t, Instruction> &allInstructions() const { return instructions; }

private:
  Function *add(uint64_t address, const char *found, uint64_t end = 0, std::string name = "");
  void explore(Function &function);
  void walk(Function &function, uint64_t address, std::vector<uint64_t> &work, std::set<uint64_t> &seen);
  void reach(Function &function, uint64_t target, std::vector<uint64_t> &work);
  bool extend(Function &function, uint64_t address);
  bool findJumpTables(Function &function);
  bool followConstants(Function &function);
  void readTable(Function &function, Range table, unsigned width, const std::set<uint64_t> &data,
                 llvm::function_ref<uint64_t(uint64_t entry)> target);
  bool isTargetOf(const Function &function, uint64_t address);
  void readPointers();
  void usePointers();
  bool isPlausible(uint64_t address);
  bool followsEnd(uint64_t address) const;
  void exploreAll();
  void exploreAgain();
  void again(Function &function) { queue.insert(function.address); }

  std::unordered_map<uint64_t, Instruction> instructions;
  std::set<uint64_t> queue;    // functions to explore (again)
  std::set<uint64_t> pointers; // values in data and code that look like code addresses, not looked at yet
  std::set<uint64_t> taken;    // those that were looked at; where the program begins; what the user gave
  std::set<uint64_t> called;   // by direct calls
  std::set<uint64_t> references; // values in code that look like addresses of data
  std::map<uint64_t, uint64_t> extents; // begin -> end, by symbols and unwind tables
};

} // namespace hc
