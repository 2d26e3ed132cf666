// SPDX-License-Identifier: GPL-3.0-or-later
#include "Operations.h"

using namespace llvm;

namespace hc {
namespace {

bool takeNumber(StringRef &text, unsigned &number) { return !text.consumeInteger(10, number); }

StringRef takeLetters(StringRef &text) {
  StringRef letters = text.take_while([](char c) { return isalpha(static_cast<unsigned char>(c)); });
  text = text.drop_front(letters.size());
  return letters;
}

} // namespace

OperationName parseOperation(StringRef name) {
  OperationName result;
  result.stem = takeLetters(name);
  if (result.stem.empty() || !takeNumber(name, result.bits)) return result;
  if (name.consume_front("F0")) result.kind = OperationName::LowestFloat;
  else if (name.consume_front("F")) result.kind = OperationName::Float;
  else if (name.consume_front("S")) result.kind = OperationName::Signed;
  else if (name.consume_front("U")) result.kind = OperationName::Unsigned;
  if (name.consume_front("x") && !takeNumber(name, result.lanes)) return result;
  result.good = name.empty();
  return result;
}

ConversionName parseConversion(StringRef name) {
  ConversionName result;
  if (!takeNumber(name, result.from)) return result;
  size_t to = name.find("to");
  if (to == StringRef::npos) return result;
  result.how = name.take_front(to);
  name = name.drop_front(to + 2);
  result.good = takeNumber(name, result.to) && name.empty();
  return result;
}

ResizeName parseResize(StringRef name) {
  ResizeName result;
  result.stem = takeLetters(name);
  if (!takeNumber(name, result.from)) return result;
  if (name.consume_front("S")) result.fromSigned = true;
  else name.consume_front("U");
  if (!name.consume_front("to") || !takeNumber(name, result.to)) return result;
  if (name.consume_front("S")) result.toSigned = true;
  else name.consume_front("U");
  result.good = name.consume_front("x") && takeNumber(name, result.lanes) && name.empty();
  return result;
}

} // namespace hc
