// SPDX-License-Identifier: GPL-3.0-or-later
// What the stages of hc-codegen share: the program being compiled, its call sites and its errors.
#pragma once
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/DebugLoc.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include <string>
#include <vector>

namespace hc {

enum class Isa { X86_64, AArch64 };
llvm::StringRef isaName(Isa isa);   // "x86-64", "aarch64"
llvm::StringRef isaTriple(Isa isa); // LLVM triple used for code generation

// Where migration points are placed, besides blocking system calls.
enum class Points { Loops, Outer, Syscalls };

// One may-migrate call. Index in Program::sites is its id - 1; id 0 is the entry stub (abi.h).
struct CallSite {
  std::string function, file;
  unsigned line = 0;
  uint32_t dataFrame = 0; // bytes between the caller's frame base and the data-stack pointer it passes
  bool dynamic = false;   // the frame has a variable part: the base is the word below the passed pointer
};

struct Program {
  explicit Program(llvm::Module &module) : module(module) {}
  llvm::Module &module;
  std::vector<CallSite> sites;
  unsigned errors = 0;

  // "file:line: error: what (in function f); wayOut"
  void error(const llvm::DebugLoc &loc, const llvm::Function *function, const llvm::Twine &what,
             const llvm::Twine &wayOut);
  void error(const llvm::Instruction &at, const llvm::Twine &what, const llvm::Twine &wayOut) {
    error(at.getDebugLoc(), at.getFunction(), what, wayOut);
  }
};

// Names that the runtime gives to generated code; see native/runtime/include/hc/abi.h.
namespace symbol {
constexpr const char *Control = "hc_control";
constexpr unsigned ControlRequestOffset = 8; // hc_control.request
constexpr const char *Park = "__hc_park";
constexpr const char *Point = "__hc_point";
constexpr const char *Setjmp = "__hc_setjmp";
constexpr const char *Longjmp = "__hc_longjmp";
constexpr const char *SaveMask = "__hc_save_mask";
constexpr const char *Main = "__hc_main";
constexpr const char *EntryReturn = "__hc_entry_return";
} // namespace symbol

// Section names that the linker script knows.
namespace section {
constexpr const char *Control = ".hc.control";
constexpr const char *ReadOnly = ".hc.rodata";
constexpr const char *Data = ".hc.data";
constexpr const char *Bss = ".bss.hc";
constexpr const char *InitArray = ".hc.init_array";
constexpr const char *FiniArray = ".hc.fini_array";
constexpr const char *FixedText = ".text.hc.fixed."; // + function: one address on both ISAs
constexpr const char *Sites = ".hc.sites";
// + address in hexadecimal: memory of a lifted program, which stays where the program has it
constexpr const char *Guest = ".hc.guest.";
constexpr const char *GuestBss = ".bss.hc.guest.";
} // namespace section

// Annotation of runtime functions that keep the C convention and hold no migration point.
constexpr const char *NativeAttribute = "hc-native";

// --- stages, in order -------------------------------------------------------------------------
// Lowers everything that depends on an ISA, or that portable frames can't hold, to plain IR.
void legalize(Program &program);
// The part of it that is about long double (fp128).
void lowerQuads(llvm::Function &function);
// The part of it that is about vectors.
void lowerVariableElements(llvm::Function &function);
// Marks functions that must keep the C convention (NativeAttribute): annotated ones, code
// generator's library calls, short string functions.
void markNativeFunctions(Program &program);
// Inserts calls of `marker` (void()) where a thread may be asked to park.
void placePoints(Program &program, Points points);
// Turns every function that can reach a migration point into one with a portable frame.
void makePortable(Program &program);
// Gives every global a section and an alignment, so that it has one address on both ISAs.
void layoutGlobals(Program &program);
// Emits the object file of one ISA. Returns false after reporting errors (violations).
bool emitObject(Program &program, Isa isa, const std::string &path);
// names.json: functions and source lines by site id.
bool writeNames(const Program &program, const std::string &path);

} // namespace hc
