// SPDX-License-Identifier: GPL-3.0-or-later
// Code generation for one ISA: LLVM's own pipeline, with the passes of Machine.h put in.
#include "Machine.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/CodeGen/AsmPrinter.h"
#include "llvm/CodeGen/AsmPrinterHandler.h"
#include "llvm/CodeGen/MachineModuleInfo.h"
#include "llvm/CodeGen/Passes.h"
#include "llvm/CodeGen/TargetPassConfig.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/IntrinsicsAArch64.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/MC/MCContext.h"
#include "llvm/MC/MCStreamer.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;

namespace hc {

StringRef isaName(Isa isa) { return isa == Isa::X86_64 ? "x86-64" : "aarch64"; }
// The C library is musl. With another one the functions of a 128-bit long double have other names on x86-64 (sqrtf128).
StringRef isaTriple(Isa isa) { return isa == Isa::X86_64 ? "x86_64-unknown-linux-musl" : "aarch64-unknown-linux-musl"; }

namespace {

constexpr unsigned FsSegment = 257; // X86 address space of %fs

// Loads and stores at constant offsets from a thread pointer, through as many steps of address computation as there are.
void accessThroughSegment(Instruction &address, int64_t offset, const DataLayout &layout) {
  IRBuilder<> builder(address.getContext());
  Constant *place = ConstantExpr::getIntToPtr(builder.getInt64(offset), PointerType::get(address.getContext(), FsSegment));
  for (Use &use : make_early_inc_range(address.uses())) {
    auto *load = dyn_cast<LoadInst>(use.getUser());
    auto *store = dyn_cast<StoreInst>(use.getUser());
    auto *gep = dyn_cast<GetElementPtrInst>(use.getUser());
    APInt more(64, 0);
    if (load || (store && use.getOperandNo() == StoreInst::getPointerOperandIndex())) {
      if (offset) use.set(place);
    } else if (gep && use.getOperandNo() == 0 && gep->accumulateConstantOffset(layout, more)) {
      accessThroughSegment(*gep, offset + more.getSExtValue(), layout);
      if (gep->use_empty()) gep->eraseFromParent();
    }
  }
}

// x86-64 reaches thread-locals through %fs without loading the thread pointer first. Loads of the
// pointer itself are volatile: they must not be shared across calls.
void lowerThreadPointerX86(Module &module) {
  const DataLayout &layout = module.getDataLayout();
  Type *segmentPointer = PointerType::get(module.getContext(), FsSegment);
  for (Function &function : module) {
    SmallVector<IntrinsicInst *, 8> pointers;
    for (Instruction &instruction : instructions(function))
      if (auto *intrinsic = dyn_cast<IntrinsicInst>(&instruction);
          intrinsic && intrinsic->getIntrinsicID() == Intrinsic::thread_pointer)
        pointers.push_back(intrinsic);
    for (IntrinsicInst *pointer : pointers) {
      accessThroughSegment(*pointer, 0, layout);
      if (!pointer->use_empty()) {
        IRBuilder<> builder(pointer);
        pointer->replaceAllUsesWith(builder.CreateLoad(builder.getPtrTy(),
                                                       ConstantPointerNull::get(cast<PointerType>(segmentPointer)),
                                                       /*isVolatile=*/true));
      }
      pointer->eraseFromParent();
    }
  }
}

constexpr StringRef GuestScope = "hc.guest"; // native/lift/src/Order.h
constexpr unsigned InnerShareableStores = 10; // operand of dmb: Arm ARM, C6.2 "DMB"

// Lifted code orders its loads by fences after them, so that before stores only stores are left to be ordered. LLVM has
// no such fence.
void orderStoresAArch64(Module &module) {
  const SyncScope::ID scope = module.getContext().getOrInsertSyncScopeID(GuestScope);
  for (Function &function : module)
    for (Instruction &instruction : make_early_inc_range(instructions(function))) {
      auto *fence = dyn_cast<FenceInst>(&instruction);
      if (!fence || fence->getSyncScopeID() != scope || fence->getOrdering() != AtomicOrdering::Release) continue;
      IRBuilder<> builder(fence);
      builder.CreateIntrinsic(Intrinsic::aarch64_dmb, {}, {builder.getInt32(InnerShareableStores)});
      fence->eraseFromParent();
    }
}

} // namespace

bool emitObject(Program &program, Isa isa, const std::string &path) {
  Module &module = program.module;
  Triple triple(isaTriple(isa));
  std::string message;
  const Target *target = TargetRegistry::lookupTarget(triple.str(), message);
  if (!target) report_fatal_error(Twine(message));
  TargetOptions options;
  options.FunctionSections = true;
  options.EmitAddrsig = false;
  // 16-byte atomics without a lock, as aarch64 has them: all x86-64 processors but the first few.
  std::unique_ptr<TargetMachine> machine(target->createTargetMachine(
      triple.str(), "generic", isa == Isa::X86_64 ? "+cx16" : "", options, Reloc::Static, CodeModel::Small, CodeGenOptLevel::Default));
  auto &codegen = static_cast<LLVMTargetMachine &>(*machine);
  module.setTargetTriple(triple.str());
  module.setDataLayout(machine->createDataLayout());
  if (isa == Isa::X86_64) lowerThreadPointerX86(module);
  else orderStoresAArch64(module);

  Emission emission(program, isa);
  legacy::PassManager passes;
  TargetLibraryInfoImpl library(triple);
  passes.add(new TargetLibraryInfoWrapperPass(library));
  auto *moduleInfo = new MachineModuleInfoWrapperPass(&codegen);
  TargetPassConfig *config = codegen.createPassConfig(passes);
  passes.add(config);
  passes.add(moduleInfo);
  config->insertPass(&FinalizeISelID, createTakeIdsPass(emission));
  config->insertPass(&DetectDeadLanesID, createRematerialisePass(emission));
  config->insertPass(&VirtRegRewriterID, createVerifyAllocationPass(emission));
  if (isa == Isa::AArch64) config->insertPass(&VirtRegRewriterID, createUndefinedPartsPass());
  if (config->addISelPasses()) report_fatal_error("the target has no instruction selector");
  config->addMachinePasses();
  config->setInitialized();
  passes.add(createRecordSitesPass(emission));

  SmallVector<char, 0> buffer;
  raw_svector_ostream bytes(buffer);
  auto streamer = codegen.createMCStreamer(bytes, nullptr, CodeGenFileType::ObjectFile, moduleInfo->getMMI().getContext());
  if (!streamer) report_fatal_error(streamer.takeError());
  FunctionPass *printerPass = target->createAsmPrinter(codegen, std::move(*streamer));
  auto *printer = static_cast<AsmPrinter *>(printerPass);
  printer->addAsmPrinterHandler(createSiteTableWriter(emission, *printer));
  passes.add(printerPass);
  passes.add(createFreeMachineFunctionPass());
  passes.run(module);
  if (program.errors) return false;

  std::error_code failure;
  raw_fd_ostream file(path, failure, sys::fs::OF_None);
  if (!failure) {
    file << StringRef(buffer.data(), buffer.size());
    file.close();
    failure = file.error();
    file.clear_error();
  }
  if (failure) {
    errs() << "hc-codegen: can't write " << path << ": " << failure.message() << "\n";
    ++program.errors;
  }
  return !failure;
}

} // namespace hc
