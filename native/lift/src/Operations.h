// SPDX-License-Identifier: GPL-3.0-or-later
// The name of one of libVEX's operations, taken apart: they are systematic.
#pragma once
#include "llvm/ADT/StringRef.h"
#include <string>

namespace hc {

// "Add32Fx4": what {Add}, 32 bits, class Float, 4 lanes. "CmpLT64U": {CmpLT}, 64, Unsigned, 0 lanes.
struct OperationName {
  enum Class { Plain, Signed, Unsigned, Float, LowestFloat };
  llvm::StringRef stem;
  unsigned bits = 0;
  Class kind = Plain;
  unsigned lanes = 0; // 0: scalar
  bool good = false;
};
OperationName parseOperation(llvm::StringRef name);

// "32Sto64", "64HIto32", "32HLto64": from, how ("", "U", "S", "HI", "HL"), to.
struct ConversionName {
  unsigned from = 0, to = 0;
  llvm::StringRef how;
  bool good = false;
};
ConversionName parseConversion(llvm::StringRef name);

// "QNarrowBin16Sto8Ux16", "NarrowUn64to32x2", "Widen8Uto16x8".
struct ResizeName {
  llvm::StringRef stem;
  unsigned from = 0, to = 0, lanes = 0;
  bool fromSigned = false, toSigned = false, good = false;
};
ResizeName parseResize(llvm::StringRef name);

} // namespace hc
