/* SPDX-License-Identifier: 0BSD */
#ifndef HC_BUILTINS_WIDE_H
#define HC_BUILTINS_WIDE_H

#include <stdint.h>

typedef __int128 wide;
typedef unsigned __int128 unsigned_wide;

#define HIGH(x) ((uint64_t)((unsigned_wide)(x) >> 64))
#define LOW(x) ((uint64_t)(x))
#define WIDE(high, low) ((unsigned_wide)(high) << 64 | (low))

/* high < divisor, so that the quotient has 64 bits. */
static inline uint64_t divide_by_64(uint64_t high, uint64_t low, uint64_t divisor, uint64_t *remainder) {
#ifdef __x86_64__
  uint64_t quotient;
  __asm__("divq %4" : "=a"(quotient), "=d"(*remainder) : "a"(low), "d"(high), "r"(divisor) : "cc");
  return quotient;
#else
  /* Schoolbook, in digits of 32 bits (Knuth, TAOCP 4.3.1, algorithm D): the first guess of a digit from the divisor's
   * upper digit is at most 2 too large when the divisor's top bit is set. */
  int shift = __builtin_clzll(divisor);
  unsigned_wide dividend = WIDE(high, low) << shift;
  uint64_t rest = HIGH(dividend), quotient = 0;
  divisor <<= shift;
  for (int digit = 1; digit >= 0; digit--) {
    uint32_t next = LOW(dividend) >> (32 * digit);
    uint64_t guess = rest / (divisor >> 32);
    if (guess > UINT32_MAX) guess = UINT32_MAX;
    unsigned_wide partial = (unsigned_wide)rest << 32 | next;
    unsigned_wide product = (unsigned_wide)guess * divisor;
    while (product > partial) guess--, product -= divisor;
    rest = LOW(partial - product);
    quotient = quotient << 32 | guess;
  }
  *remainder = rest >> shift;
  return quotient;
#endif
}

#endif
