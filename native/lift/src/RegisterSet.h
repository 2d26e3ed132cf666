// SPDX-License-Identifier: GPL-3.0-or-later
// A set of registers of the guest, by their index in registersOf().
#pragma once
#include <cstdint>
#include <initializer_list>

namespace hc {

class RegisterSet {
public:
  RegisterSet() = default;
  RegisterSet(std::initializer_list<unsigned> indices) {
    for (unsigned index : indices) add(index);
  }
  static RegisterSet all(unsigned count) { return RegisterSet((Bits(1) << count) - 1); }

  void add(unsigned index) { bits |= Bits(1) << index; }
  void remove(unsigned index) { bits &= ~(Bits(1) << index); }
  bool has(unsigned index) const { return bits >> index & 1; }
  bool empty() const { return !bits; }

  RegisterSet operator|(RegisterSet other) const { return RegisterSet(bits | other.bits); }
  RegisterSet operator&(RegisterSet other) const { return RegisterSet(bits & other.bits); }
  RegisterSet operator-(RegisterSet other) const { return RegisterSet(bits & ~other.bits); }
  RegisterSet &operator|=(RegisterSet other) { return *this = *this | other; }
  bool operator==(RegisterSet other) const { return bits == other.bits; }
  bool operator!=(RegisterSet other) const { return bits != other.bits; }
  bool within(RegisterSet other) const { return !(bits & ~other.bits); }

  template <class Do> void each(Do act) const {
    for (unsigned half = 0; half < 2; ++half)
      for (uint64_t rest = uint64_t(bits >> 64 * half); rest; rest &= rest - 1) act(64 * half + unsigned(__builtin_ctzll(rest)));
  }

private:
  using Bits = unsigned __int128; // no guest has as many
  explicit RegisterSet(Bits bits) : bits(bits) {}
  Bits bits = 0;
};

} // namespace hc
