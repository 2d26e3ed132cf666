/* SPDX-License-Identifier: 0BSD
 *
 * 128-bit division, which neither ISA has an instruction for. A zero divisor traps on x86-64 and gives a meaningless
 * result on aarch64, as with 64 bits.
 */
#include "wide.h"

static unsigned_wide divide(unsigned_wide dividend, unsigned_wide divisor, unsigned_wide *remainder) {
  uint64_t rest;
  if (dividend < divisor) {
    *remainder = dividend;
    return 0;
  }
  if (!HIGH(divisor)) {
    uint64_t d = LOW(divisor);
    uint64_t high = HIGH(dividend) / d;
    uint64_t low = divide_by_64(HIGH(dividend) % d, LOW(dividend), d, &rest);
    *remainder = rest;
    return WIDE(high, low);
  }
  /* Divide by the divisor's top 64 bits, of the dividend's half so that the quotient fits: at most 1 too large, and one less
   * is at most 1 too small. */
  int shift = __builtin_clzll(HIGH(divisor));
  unsigned_wide half = dividend >> 1;
  uint64_t top = HIGH(divisor << shift);
  uint64_t quotient = divide_by_64(HIGH(half), LOW(half), top, &rest) >> (63 - shift);
  if (quotient) quotient--;
  *remainder = dividend - quotient * divisor;
  if (*remainder >= divisor) {
    *remainder -= divisor;
    quotient++;
  }
  return quotient;
}

static inline unsigned_wide magnitude(wide x) { return x < 0 ? -(unsigned_wide)x : (unsigned_wide)x; }
static inline wide with_sign_of(unsigned_wide x, wide sign) { return sign < 0 ? (wide)-x : (wide)x; }

unsigned_wide __udivti3(unsigned_wide a, unsigned_wide b) {
  unsigned_wide remainder;
  return divide(a, b, &remainder);
}

unsigned_wide __umodti3(unsigned_wide a, unsigned_wide b) {
  unsigned_wide remainder;
  divide(a, b, &remainder);
  return remainder;
}

unsigned_wide __udivmodti4(unsigned_wide a, unsigned_wide b, unsigned_wide *remainder) {
  unsigned_wide rest;
  unsigned_wide quotient = divide(a, b, &rest);
  if (remainder) *remainder = rest;
  return quotient;
}

wide __divti3(wide a, wide b) {
  unsigned_wide remainder;
  return with_sign_of(divide(magnitude(a), magnitude(b), &remainder), a ^ b);
}

wide __modti3(wide a, wide b) {
  unsigned_wide remainder;
  divide(magnitude(a), magnitude(b), &remainder);
  return with_sign_of(remainder, a);
}

wide __divmodti4(wide a, wide b, wide *remainder) {
  unsigned_wide rest;
  unsigned_wide quotient = divide(magnitude(a), magnitude(b), &rest);
  *remainder = with_sign_of(rest, a);
  return with_sign_of(quotient, a ^ b);
}
