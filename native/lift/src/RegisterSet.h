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
  static RegisterSet all(unsigned count) { return RegisterSet(count >= 64 ? ~0ull : (1ull << count) - 1); }

  void add(unsigned index) { bits |= 1ull << index; }
  void remove(unsigned index) { bits &= ~(1ull << index); }
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
    for (uint64_t rest = bits; rest; rest &= rest - 1) act(unsigned(__builtin_ctzll(rest)));
  }

private:
  explicit RegisterSet(uint64_t bits) : bits(bits) {}
  uint64_t bits = 0;
};

} // namespace hc
