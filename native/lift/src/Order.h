// SPDX-License-Identifier: GPL-3.0-or-later
// Memory order. x86-64's (total store order: Intel SDM volume 3, 9.2) lets nothing overtake but loads earlier stores. Where threads
// may see it, all else is kept by fences of a scope of their own, which stand for
//   acquire  after loads:                 nothing on x86-64, dmb ishld on aarch64
//   release  before stores:               nothing on x86-64, dmb ishst on aarch64
//   seq_cst  around locked instructions:  nothing on x86-64, dmb ish on aarch64
// and keep LLVM from moving accesses over them on both. hc-codegen knows the scope by its name.
#pragma once
#include "Emitter.h"

namespace hc {

using Accesses = std::set<const llvm::Instruction *>;

// `own`: accesses that only the thread itself makes to what lies there.
void orderMemory(Output &output, llvm::Function &code, const Accesses &own);

// Pushes and pops: who gets to know a place of the stack does so after the push, and before the pop.
Accesses pushesAndPops(const llvm::Function &code, const llvm::Value *stackPointer);

} // namespace hc
