// SPDX-License-Identifier: GPL-3.0-or-later
// The same numbers in every build.
#pragma once
#include <stdint.h>

// Marsaglia, Xorshift RNGs (2003).
static uint64_t random_state = 88172645463325252u;
static inline uint32_t random_number(void) {
  random_state ^= random_state << 13;
  random_state ^= random_state >> 7;
  random_state ^= random_state << 17;
  return (uint32_t)(random_state >> 20);
}
