/* SPDX-License-Identifier: 0BSD
 *
 * 16-bit floating point, which aarch64 converts by instruction and baseline x86-64 does not.
 */
#ifdef __x86_64__
#include <stdint.h>

static inline uint16_t half_bits(_Float16 x) {
  uint16_t bits;
  __builtin_memcpy_inline(&bits, &x, sizeof bits);
  return bits;
}

static inline _Float16 as_half(uint16_t bits) {
  _Float16 x;
  __builtin_memcpy_inline(&x, &bits, sizeof x);
  return x;
}

static inline float as_float(uint32_t bits) {
  float x;
  __builtin_memcpy_inline(&x, &bits, sizeof x);
  return x;
}

float __extendhfsf2(_Float16 x) {
  uint32_t bits = half_bits(x);
  uint32_t sign = bits >> 15 << 31, exponent = bits >> 10 & 31, fraction = bits & 1023;
  if (exponent == 31) return as_float(sign | 0x7f800000 | fraction << 13 | (fraction ? 1u << 22 : 0));
  if (exponent) return as_float(sign | (exponent + 112) << 23 | fraction << 13);
  float subnormal = (float)fraction * 0x1p-24f;
  return sign ? -subnormal : subnormal;
}

/* From a double's bits, to the nearest, ties to even. A float becomes a double first, exactly. */
_Float16 __truncdfhf2(double x) {
  uint64_t bits;
  __builtin_memcpy_inline(&bits, &x, sizeof bits);
  uint16_t sign = bits >> 63 << 15;
  int exponent = (int)(bits >> 52 & 0x7ff) - 1023 + 15;
  uint64_t fraction = bits & ((1ull << 52) - 1);
  if (exponent == 1024 + 15) return as_half(sign | 0x7c00 | (fraction ? 0x200 | fraction >> 42 : 0));
  if (exponent >= 31) return as_half(sign | 0x7c00);
  if (exponent < -10) return as_half(sign);
  int drop = 42;
  if (exponent <= 0) {
    fraction |= 1ull << 52;
    drop += 1 - exponent;
    exponent = 0;
  }
  /* A carry out of the fraction raises the exponent, as it should. */
  uint64_t kept = (uint64_t)exponent << 10 | fraction >> drop;
  if (exponent == 0) kept = fraction >> drop;
  uint64_t rest = fraction & ((1ull << drop) - 1), tie = 1ull << (drop - 1);
  kept += rest > tie || (rest == tie && (kept & 1));
  return as_half(sign | kept);
}

_Float16 __truncsfhf2(float x) { return __truncdfhf2(x); }
#endif
