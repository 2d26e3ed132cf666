// SPDX-License-Identifier: GPL-3.0-or-later
// Shared by the steps of placePoints().
#pragma once
#include "Program.h"
#include "llvm/ADT/SmallPtrSet.h"

namespace llvm {
class Loop;
class LoopInfo;
}

namespace hc {

// Rewrites inner counting loops that need a point into strips. Gives the headers of the inner loops, which then need none.
llvm::SmallPtrSet<llvm::BasicBlock *, 8> stripMineLoops(llvm::Function &function, Points points, llvm::LoopInfo &loops,
                                                        llvm::function_ref<bool(const llvm::Loop &)> needsPoint);

} // namespace hc
