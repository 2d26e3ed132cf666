// SPDX-License-Identifier: GPL-3.0-or-later
// A function before it is decided how it passes registers: variables for the registers, and sites where control leaves it or the
// runtime's struct is used. The analyses (Frames, Liveness) read it; RegisterEmitter makes the final function from it.
#pragma once
#include "Emitter.h"

namespace hc {

struct Site {
  enum Kind {
    Call,     // of `callee`, or through a pointer when that is null
    Tail,     // a jump to `callee`, which returns to our caller
    Jump,     // to an address that is known at run time only
    Return,
    System,   // a system call
    Flush,    // what follows reads `registers` from the runtime's struct
    Reload,   // what precedes wrote `registers` there
  };
  Kind kind;
  llvm::CallInst *mark; // its only argument is the address that control goes to, where that is not constant
  Function *callee = nullptr;
  uint64_t next = 0; // address of the return site
  RegisterSet registers = {};

  // --- by the analyses ---
  bool reached = false;        // from the begin of the function
  bool mayClone = true;        // of System: the number may be clone's, and the child go on with another stack
  RegisterSet live = {};       // registers that are read after it
  unsigned vectors = 8;        // of Call, Tail: most vector registers that a variadic callee has arguments in (psABI 3.5.7: al)
};

struct Body {
  Function *guest = nullptr;
  llvm::Function *holder = nullptr; // the code, until it moves to the final function
  llvm::BasicBlock *start = nullptr;
  std::map<uint64_t, llvm::BasicBlock *> entries; // where state emitters' code can be entered besides
  std::vector<llvm::AllocaInst *> variables;      // by register; null where none is used
  std::map<const llvm::Instruction *, Site> sites; // by mark
  bool hasTables = false; // all indirect jumps that are taken normally are resolved
};

std::unique_ptr<Body> emitBody(Output &output, Function &function);

} // namespace hc
