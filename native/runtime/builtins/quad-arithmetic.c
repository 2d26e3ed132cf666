/* SPDX-License-Identifier: 0BSD
 *
 * Sum, difference, product, quotient and comparison of binary128.
 */
#include "quad.h"

/* |a| >= |b|, both finite and not 0. One bit above the significands takes the carry. */
static inline quad add_finite(unsigned_wide a, unsigned_wide b) {
  unsigned_wide sign = a & SIGN;
  struct number x = unpack(MAGNITUDE(a), QUAD), y = unpack(MAGNITUDE(b), QUAD);
  unsigned_wide other = shift_right_sticky(y.significand >> 1, x.exponent - y.exponent);
  unsigned_wide sum = (a ^ b) & SIGN ? (x.significand >> 1) - other : (x.significand >> 1) + other;
  if (!sum) return as_quad((hc_fp_get() & TOWARD_ZERO) == DOWNWARD ? SIGN : 0);
  int shift = leading_zeros(sum);
  return pack_quad((struct number){sum << shift, x.exponent + 1 - shift}, sign);
}

static inline quad add(unsigned_wide a, unsigned_wide b) {
  if (IS_NAN(a) || IS_NAN(b)) return choose_nan(a, b);
  if (MAGNITUDE(a) < MAGNITUDE(b)) {
    unsigned_wide larger = b;
    b = a;
    a = larger;
  }
  if (MAGNITUDE(a) == INFINITY) return a == (b ^ SIGN) ? invalid() : as_quad(a);
  if (MAGNITUDE(b)) return add_finite(a, b);
  if (MAGNITUDE(a) || a == b) return as_quad(a);
  return as_quad((hc_fp_get() & TOWARD_ZERO) == DOWNWARD ? SIGN : 0);
}

quad __addtf3(quad a, quad b) { return add(quad_bits(a), quad_bits(b)); }

quad __subtf3(quad a, quad b) {
  unsigned_wide y = quad_bits(b);
  return add(quad_bits(a), IS_NAN(y) ? y : y ^ SIGN);
}

/* The upper half of the product of 256 bits; the last bit stands for the lower one. */
static inline unsigned_wide multiply_high(unsigned_wide a, unsigned_wide b) {
  unsigned_wide low = (unsigned_wide)LOW(a) * LOW(b);
  unsigned_wide left = (unsigned_wide)HIGH(a) * LOW(b), right = (unsigned_wide)LOW(a) * HIGH(b);
  unsigned_wide middle = (unsigned_wide)LOW(left) + LOW(right) + HIGH(low);
  unsigned_wide high = (unsigned_wide)HIGH(a) * HIGH(b) + HIGH(left) + HIGH(right) + HIGH(middle);
  return high | (LOW(middle) || LOW(low));
}

quad __multf3(quad left, quad right) {
  unsigned_wide a = quad_bits(left), b = quad_bits(right), sign = (a ^ b) & SIGN;
  if (IS_NAN(a) || IS_NAN(b)) return choose_nan(a, b);
  a = MAGNITUDE(a), b = MAGNITUDE(b);
  if (a == INFINITY || b == INFINITY) return a && b ? as_quad(sign | INFINITY) : invalid();
  if (!a || !b) return as_quad(sign);
  struct number x = unpack(a, QUAD), y = unpack(b, QUAD);
  unsigned_wide product = multiply_high(x.significand, y.significand);
  int exponent = x.exponent + y.exponent + 1;
  if (!(product & SIGN)) product <<= 1, exponent--;
  return pack_quad((struct number){product, exponent}, sign);
}

/* The next 64 bits of rest / divisor, where rest < divisor and the divisor's top bit is set (Knuth, TAOCP 4.3.1, algorithm D):
 * the quotient by the divisor's upper half is at most 2 too large. */
static inline uint64_t next_digit(unsigned_wide *rest, unsigned_wide divisor) {
  uint64_t digit = UINT64_MAX, remainder;
  unsigned_wide left = (unsigned_wide)LOW(*rest) + HIGH(divisor);
  if (HIGH(*rest) < HIGH(divisor)) {
    digit = divide_by_64(HIGH(*rest), LOW(*rest), HIGH(divisor), &remainder);
    left = remainder;
  }
  unsigned_wide product = (unsigned_wide)digit * LOW(divisor);
  for (; !HIGH(left) && product > left << 64; digit--) product -= LOW(divisor), left += HIGH(divisor);
  *rest = (left << 64) - product;
  return digit;
}

quad __divtf3(quad left, quad right) {
  unsigned_wide a = quad_bits(left), b = quad_bits(right), sign = (a ^ b) & SIGN;
  if (IS_NAN(a) || IS_NAN(b)) return choose_nan(a, b);
  a = MAGNITUDE(a), b = MAGNITUDE(b);
  if (a == INFINITY) return b == INFINITY ? invalid() : as_quad(sign | INFINITY);
  if (b == INFINITY) return as_quad(sign);
  if (!b && !a) return invalid();
  if (!a) return as_quad(sign);
  if (!b) {
    raise(DIVIDE_BY_ZERO);
    return as_quad(sign | INFINITY);
  }
  struct number x = unpack(a, QUAD), y = unpack(b, QUAD);
  int whole = x.significand >= y.significand;
  unsigned_wide rest = whole ? x.significand - y.significand : x.significand;
  uint64_t high = next_digit(&rest, y.significand);
  unsigned_wide quotient = WIDE(high, next_digit(&rest, y.significand));
  if (whole) quotient = SIGN | quotient >> 1 | (quotient & 1);
  return pack_quad((struct number){quotient | (rest != 0), x.exponent - y.exponent - !whole}, sign);
}

/* -1, 0 or 1; `unordered` with a NaN. Quiet, as comparisons of doubles are. */
static inline int compare(quad left, quad right, int unordered) {
  unsigned_wide a = quad_bits(left), b = quad_bits(right);
  if (IS_NAN(a) || IS_NAN(b)) return unordered;
  if (!MAGNITUDE(a | b)) return 0;
  wide x = a & SIGN ? -(wide)MAGNITUDE(a) : (wide)a, y = b & SIGN ? -(wide)MAGNITUDE(b) : (wide)b;
  return (x > y) - (x < y);
}

int __eqtf2(quad a, quad b) { return compare(a, b, 1); }
int __netf2(quad a, quad b) { return compare(a, b, 1); }
int __lttf2(quad a, quad b) { return compare(a, b, 1); }
int __letf2(quad a, quad b) { return compare(a, b, 1); }
int __gttf2(quad a, quad b) { return compare(a, b, -1); }
int __getf2(quad a, quad b) { return compare(a, b, -1); }
int __unordtf2(quad a, quad b) { return IS_NAN(quad_bits(a)) || IS_NAN(quad_bits(b)); }
