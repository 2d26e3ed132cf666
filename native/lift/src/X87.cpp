// SPDX-License-Identifier: GPL-3.0-or-later
// Opcode maps of x87: Intel SDM volume 2, appendix A.5.
#include "X87.h"
#include "Emitter.h"
#include "x86-64/x87.h"

using namespace llvm;

namespace hc {
namespace {

// ModR/M, SIB and displacement: Intel SDM volume 2, 2.1.5.
unsigned operandLength(const uint8_t *modrm) {
  unsigned mode = modrm[0] >> 6, base = modrm[0] & 7, length = 1;
  if (mode == 3) return 1;
  if (base == 4) {
    if (mode == 0 && (modrm[1] & 7) == 5) length += 4;
    ++length;
  } else if (mode == 0 && base == 5) length += 4;
  return length + (mode == 1 ? 1 : mode == 2 ? 4 : 0);
}

enum Action { None, Load, Store, StorePop, StoreTruncated, LoadEnvironment, LoadControl, StoreEnvironment, StoreControl, Restore, Save, StoreStatus };

struct MemoryForm {
  Action action;
  x87_format format;
};

// D8, DA, DC, DE: arithmetic with these.
constexpr x87_format ArithmeticFormats[] = {X87_SINGLE, X87_INTEGER32, X87_DOUBLE, X87_INTEGER16};
// D9, DB, DD, DF by the middle field of ModR/M.
constexpr MemoryForm MemoryForms[4][8] = {
    {{Load, X87_SINGLE}, {None, X87_SINGLE}, {Store, X87_SINGLE}, {StorePop, X87_SINGLE},
     {LoadEnvironment, X87_SINGLE}, {LoadControl, X87_SINGLE}, {StoreEnvironment, X87_SINGLE}, {StoreControl, X87_SINGLE}},
    {{Load, X87_INTEGER32}, {StoreTruncated, X87_INTEGER32}, {Store, X87_INTEGER32}, {StorePop, X87_INTEGER32},
     {None, X87_SINGLE}, {Load, X87_EXTENDED}, {None, X87_SINGLE}, {StorePop, X87_EXTENDED}},
    {{Load, X87_DOUBLE}, {StoreTruncated, X87_INTEGER64}, {Store, X87_DOUBLE}, {StorePop, X87_DOUBLE},
     {Restore, X87_SINGLE}, {None, X87_SINGLE}, {Save, X87_SINGLE}, {StoreStatus, X87_SINGLE}},
    {{Load, X87_INTEGER16}, {StoreTruncated, X87_INTEGER16}, {Store, X87_INTEGER16}, {StorePop, X87_INTEGER16},
     {Load, X87_DECIMAL}, {Load, X87_INTEGER64}, {StorePop, X87_DECIMAL}, {StorePop, X87_INTEGER64}},
};

// Without operands: opcode and ModR/M as one number.
struct UnaryForm {
  unsigned code;
  x87_unary operation;
};
constexpr UnaryForm UnaryForms[] = {
    {0xd9e0, X87_CHANGE_SIGN}, {0xd9e1, X87_ABSOLUTE},          {0xd9e4, X87_TEST},          {0xd9e5, X87_EXAMINE},
    {0xd9f4, X87_EXTRACT},     {0xd9f5, X87_REMAINDER_NEAREST}, {0xd9f6, X87_DECREMENT_TOP}, {0xd9f7, X87_INCREMENT_TOP},
    {0xd9f8, X87_REMAINDER},   {0xd9fa, X87_SQUARE_ROOT},       {0xd9fc, X87_ROUND},         {0xd9fd, X87_SCALE},
};

} // namespace

unsigned x87Length(const uint8_t *opcode) { return *opcode == 0x9b ? 1 : 1 + operandLength(opcode + 1); }

class X87Emitter {
public:
  X87Emitter(Emitter &emitter, const Instruction &instruction, const uint8_t *bytes)
      : emitter(emitter), builder(emitter.builder), instruction(instruction), bytes(bytes) {
    opcode = bytes[instruction.opcodeAt];
    modrm = bytes[instruction.opcodeAt + 1];
    field = modrm >> 3 & 7;
    index = modrm & 7;
  }

  // False: not known.
  bool emit() {
    if (opcode == 0x9b) return true;
    return modrm < 0xc0 ? memory() : registers();
  }

private:
  void call(const std::string &name, ArrayRef<uint64_t> numbers) {
    SmallVector<Value *, 4> arguments;
    for (uint64_t number : numbers) arguments.push_back(emitter.word(number));
    emitter.helper("hc_x87_" + name, builder.getVoidTy(), arguments);
  }

  bool memory() {
    Value *address = operandAddress();
    if (!address) return false;
    auto call = [&](const std::string &name, ArrayRef<uint64_t> before, ArrayRef<uint64_t> after = {}) {
      SmallVector<Value *, 4> arguments;
      for (uint64_t number : before) arguments.push_back(emitter.word(number));
      arguments.push_back(address);
      for (uint64_t number : after) arguments.push_back(emitter.word(number));
      emitter.helper("hc_x87_" + name, builder.getVoidTy(), arguments);
      return true;
    };
    if (opcode % 2 == 0) {
      x87_format format = ArithmeticFormats[(opcode - 0xd8) / 2];
      if (field == X87_COMPARE || field == X87_COMPARE_POP) return call("compare_memory", {uint64_t(format)}, {uint64_t(field == X87_COMPARE_POP)});
      return call("arithmetic_memory", {field, uint64_t(format)});
    }
    MemoryForm form = MemoryForms[(opcode - 0xd9) / 2][field];
    switch (form.action) {
    case Load: return call("load", {uint64_t(form.format)});
    case Store: return call("store", {uint64_t(form.format)}, {0, 0});
    case StorePop: return call("store", {uint64_t(form.format)}, {1, 0});
    case StoreTruncated: return call("store", {uint64_t(form.format)}, {1, 1});
    case LoadEnvironment: return call("load_environment", {});
    case StoreEnvironment: return call("store_environment", {});
    case LoadControl: return call("load_control", {});
    case StoreControl: return call("store_control", {});
    case Restore: return call("restore", {});
    case Save: return call("save", {});
    case StoreStatus: emitter.store(builder.CreateTrunc(status(), builder.getInt16Ty()), address); return true;
    case None: return false;
    }
    return false;
  }

  Value *status() { return emitter.helper("hc_x87_status", builder.getInt64Ty(), {}); }

  bool registers() {
    const unsigned code = opcode << 8 | modrm;
    for (const UnaryForm &form : UnaryForms)
      if (form.code == code) return call("unary", {uint64_t(form.operation)}), true;
    if (code >= 0xd9e8 && code <= 0xd9ee) return call("constant", {code - 0xd9e8}), true;
    switch (code) {
    case 0xd9d0: return true; // FNOP
    case 0xdae9: return call("compare", {1, 2, 1}), true;
    case 0xded9: return call("compare", {1, 2, 0}), true;
    case 0xdbe2: return call("clear_exceptions", {}), true;
    case 0xdbe3: return call("initialise", {}), true;
    case 0xdfe0: emitter.write(offsetof(VexGuestAMD64State, guest_RAX), builder.CreateTrunc(status(), builder.getInt16Ty())); return true;
    default: break;
    }
    switch (opcode) {
    case 0xd8:
      if (field == X87_COMPARE || field == X87_COMPARE_POP) return call("compare", {index, uint64_t(field == X87_COMPARE_POP), 0}), true;
      return call("arithmetic", {field, 0, index, 0}), true;
    case 0xdc:
    case 0xde: // the other way round, and so are the reversed ones
      if (field == X87_COMPARE || field == X87_COMPARE_POP) return false;
      return call("arithmetic", {field < 4 ? field : field ^ 1, index, 0, uint64_t(opcode == 0xde)}), true;
    case 0xd9:
      if (field == 0) return call("push_register", {index}), true;
      if (field == 1) return call("exchange", {index}), true;
      return false;
    case 0xda: return field < 4 && moveIf(field, 0);
    case 0xdb:
      if (field < 4) return moveIf(field, 1);
      return (field == 5 || field == 6) && compareFlags(field == 5, 0);
    case 0xdd:
      if (field == 0) return call("free", {index, 0}), true;
      if (field == 2 || field == 3) return call("store_register", {index, uint64_t(field == 3)}), true;
      if (field == 4 || field == 5) return call("compare", {index, uint64_t(field == 5), 1}), true;
      return false;
    default: // DF
      if (field == 0) return call("free", {index, 1}), true;
      return (field == 5 || field == 6) && compareFlags(field == 5, 1);
    }
  }

  Value *flag(unsigned vexOffset) { return emitter.read(vexOffset, builder.getInt64Ty()); }

  // FCMOVB, E, BE, U: condition codes 2, 4, 6 and 10.
  bool moveIf(unsigned which, unsigned opposite) {
    static constexpr unsigned conditions[] = {2, 4, 6, 10};
    Value *holds = emitter.helper("hc_guest_condition", builder.getInt64Ty(),
                                  {emitter.word(conditions[which] | opposite), flag(offsetof(VexGuestAMD64State, guest_CC_OP)),
                                   flag(offsetof(VexGuestAMD64State, guest_CC_DEP1)), flag(offsetof(VexGuestAMD64State, guest_CC_DEP2)),
                                   flag(offsetof(VexGuestAMD64State, guest_CC_NDEP))},
                                  /*pure=*/true);
    emitter.helper("hc_x87_move_if", builder.getVoidTy(), {holds, emitter.word(index)});
    return true;
  }

  bool compareFlags(bool quiet, unsigned pops) {
    Value *flags = emitter.helper("hc_x87_compare_flags", builder.getInt64Ty(), {emitter.word(index), emitter.word(pops), emitter.word(quiet)});
    emitter.write(offsetof(VexGuestAMD64State, guest_CC_OP), emitter.word(0));
    emitter.write(offsetof(VexGuestAMD64State, guest_CC_DEP1), flags);
    emitter.write(offsetof(VexGuestAMD64State, guest_CC_DEP2), emitter.word(0));
    emitter.write(offsetof(VexGuestAMD64State, guest_CC_NDEP), emitter.word(0));
    return true;
  }

  // Null: an address size of 32 bits.
  Value *operandAddress() {
    unsigned rex = 0;
    Value *segment = nullptr;
    for (unsigned i = 0; i < instruction.opcodeAt; ++i) {
      uint8_t byte = bytes[i];
      if (byte == 0x67) return nullptr;
      if (byte == 0x64) segment = emitter.read(offsetof(VexGuestAMD64State, guest_FS_CONST), builder.getInt64Ty());
      if (byte == 0x65) segment = emitter.read(offsetof(VexGuestAMD64State, guest_GS_CONST), builder.getInt64Ty());
      if (i + 1 == instruction.opcodeAt && (byte & 0xf0) == 0x40) rex = byte;
    }
    const uint8_t *at = bytes + instruction.opcodeAt + 2;
    const unsigned mode = modrm >> 6;
    Value *address;
    if (index == 4) {
      const uint8_t sib = *at++;
      const unsigned base = (sib & 7) | (rex & 1) << 3, scaled = (sib >> 3 & 7) | (rex & 2) << 2;
      if (mode == 0 && (sib & 7) == 5) {
        address = emitter.word(uint64_t(int64_t(signed32(at))));
        at += 4;
      } else address = emitter.readRegister(base);
      if (scaled != RegisterIndex::Rsp) address = builder.CreateAdd(address, builder.CreateShl(emitter.readRegister(scaled), sib >> 6));
    } else if (mode == 0 && index == 5) address = emitter.word(instruction.next() + uint64_t(int64_t(signed32(at))));
    else address = emitter.readRegister(index | (rex & 1) << 3);
    int64_t displacement = mode == 1 ? int64_t(int8_t(*at)) : mode == 2 ? int64_t(signed32(at)) : 0;
    address = builder.CreateAdd(address, emitter.word(uint64_t(displacement)));
    return segment ? builder.CreateAdd(address, segment) : address;
  }

  static int32_t signed32(const uint8_t *bytes) {
    int32_t value;
    memcpy(&value, bytes, sizeof value);
    return value;
  }

  Emitter &emitter;
  IRBuilder<> &builder;
  const Instruction &instruction;
  const uint8_t *bytes;
  unsigned opcode, modrm, field, index;
};

void Emitter::x87(const Instruction &instruction) {
  const uint8_t *bytes = output.program.executable.at(instruction.address);
  if (X87Emitter(*this, instruction, bytes).emit()) return;
  char code[16];
  snprintf(code, sizeof code, "x87 %02x %02x", bytes[instruction.opcodeAt], bytes[instruction.opcodeAt + 1]);
  unlifted(code);
}

} // namespace hc
