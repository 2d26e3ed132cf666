// SPDX-License-Identifier: GPL-3.0-or-later
// Shared by the steps of makePortable(): which functions are portable, their frames and signatures.
#pragma once
#include "Program.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/IRBuilder.h"

namespace hc {

// The calling convention of portable functions preserves no register but SP and FP.
constexpr llvm::CallingConv::ID PortableConvention = llvm::CallingConv::PreserveNone;

using FunctionSet = llvm::SetVector<llvm::Function *>;

// Chooses the portable functions. Every function whose address is taken becomes one, or gets a portable twin or thunk, so
// that all calls through pointers use one convention.
FunctionSet selectPortable(Program &program);

// Is this call made by the portable convention? True for portable callees, the runtime's, and pointers.
class CallClassifier {
public:
  explicit CallClassifier(const FunctionSet &portable) : portable(portable) {}
  bool isMarked(const llvm::CallInst &call) const;
  static bool isPark(const llvm::CallInst &call);
  static bool isSetjmp(const llvm::CallInst &call);
  std::vector<llvm::CallInst *> markedCalls(llvm::Function &function) const;

private:
  const FunctionSet &portable;
};

// The part of a function's state that lies on the data stack.
struct Frame {
  llvm::AllocaInst *base = nullptr; // variable (promoted at the end) that holds the frame's address
  uint64_t size = 0;                // static part, a multiple of 16
  bool dynamic = false;             // has dynamic allocas: the callee's data-stack pointer is in memory at `top`
  uint64_t top = 0;                 // offset of that pointer
  llvm::SmallVector<llvm::AllocaInst *, 16> variables; // per spilled value; promoted at the end

  uint64_t place(uint64_t bytes, llvm::Align alignment) {
    size = llvm::alignTo(size, alignment);
    uint64_t offset = size;
    size += bytes;
    return offset;
  }
  // Address of a place in the frame.
  llvm::Value *address(llvm::IRBuilder<> &builder, uint64_t offset) const {
    return builder.CreateConstGEP1_64(builder.getInt8Ty(), builder.CreateLoad(builder.getPtrTy(), base), offset);
  }
};

// Marks the store that gives Frame::base its value; the signature step fills in the argument.
constexpr const char *BaseInitMetadata = "hc.base";
// Placeholder functions for the hidden parameters, resolved by the signature step.
constexpr const char *VarArgsPlaceholder = "hc.varargs";
constexpr const char *OverflowPlaceholder = "hc.overflow";

// Moves allocas into the frame, then gives every value that lives across a marked call a place in it.
Frame buildFrame(llvm::Function &function, const CallClassifier &calls);
void spillAcrossCalls(llvm::Function &function, const CallClassifier &calls, Frame &frame);
// Calls `make` for each use of `address`, to compute it anew just before that use.
void rematerialiseAtUses(llvm::Instruction &address, llvm::function_ref<llvm::Value *(llvm::IRBuilder<> &)> make);

// How a C function type becomes a portable one.
class Signature {
public:
  Signature(llvm::FunctionType *type);
  llvm::FunctionType *portable() const { return portableType; }
  bool hasOverflow() const { return overflowBytes != 0; }
  uint64_t overflowSize() const { return overflowBytes; }
  // Offset in the overflow area of parameter i, or -1 when it travels in a register.
  int64_t overflowOffset(unsigned i) const { return offsets[i]; }
  // Index in the portable type of parameter i, or of the hidden ones.
  unsigned registerIndex(unsigned i) const { return indices[i]; }
  unsigned overflowIndex() const { return overflowParameter; }
  unsigned varArgsIndex() const { return varArgsParameter; }
  // Element of the returned struct that holds element j of a returned struct; -1: in memory.
  static int resultIndex(llvm::StructType *type, unsigned j);
  static uint64_t resultOffset(unsigned j) { return 16 * j; }

private:
  llvm::FunctionType *portableType;
  llvm::SmallVector<int64_t, 8> offsets;
  llvm::SmallVector<unsigned, 8> indices;
  unsigned overflowParameter = 0, varArgsParameter = 0;
  uint64_t overflowBytes = 0;
};

// Puts byval, variable and surplus arguments into memory of the caller's frame.
void lowerArguments(llvm::Function &function, const CallClassifier &calls);

} // namespace hc
