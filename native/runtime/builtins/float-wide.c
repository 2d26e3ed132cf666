/* SPDX-License-Identifier: 0BSD
 *
 * Conversions between floating point and 128-bit integers.
 */
#include "wide.h"

static inline double as_double(uint64_t bits) {
  double value;
  __builtin_memcpy_inline(&value, &bits, sizeof value);
  return value;
}

static inline uint64_t bits_of(double value) {
  uint64_t bits;
  __builtin_memcpy_inline(&bits, &value, sizeof bits);
  return bits;
}

static inline double power_of_2(int exponent) { return as_double((uint64_t)(1023 + exponent) << 52); }

/* The top 64 bits of x, the last of them set if any lower one was: that rounds as the whole of x does, in every rounding mode. */
static inline uint64_t top_bits(unsigned_wide x, int *exponent) {
  if (!HIGH(x)) {
    *exponent = 0;
    return LOW(x);
  }
  int left = __builtin_clzll(HIGH(x));
  unsigned_wide normal = x << left;
  *exponent = 64 - left;
  return HIGH(normal) | (LOW(normal) != 0);
}

/* As a signed number there may be one bit too many. The sign goes in before rounding, which may depend on it. */
static inline int64_t negated(uint64_t top, int *exponent) {
  if (top <= INT64_MAX) return -(int64_t)top;
  ++*exponent;
  return -(int64_t)(top >> 1 | (top & 1));
}

static inline double to_double(unsigned_wide x, int negative) {
  int exponent;
  uint64_t top = top_bits(x, &exponent);
  if (!negative) return (double)top * power_of_2(exponent);
  return (double)negated(top, &exponent) * power_of_2(exponent);
}

static inline float to_float(unsigned_wide x, int negative) {
  int exponent;
  uint64_t top = top_bits(x, &exponent);
  if (!negative) return (float)top * (float)power_of_2(exponent);
  return (float)negated(top, &exponent) * (float)power_of_2(exponent);
}

static inline unsigned_wide magnitude(wide x) { return x < 0 ? -(unsigned_wide)x : (unsigned_wide)x; }

double __floatuntidf(unsigned_wide x) { return to_double(x, 0); }
double __floattidf(wide x) { return to_double(magnitude(x), x < 0); }
float __floatuntisf(unsigned_wide x) { return to_float(x, 0); }
float __floattisf(wide x) { return to_float(magnitude(x), x < 0); }

/* Truncates |x|; most where it does not fit, and for a NaN. */
static inline unsigned_wide truncate(double x, unsigned_wide most, int width) {
  uint64_t bits = bits_of(x);
  int exponent = (int)(bits >> 52 & 0x7ff) - 1023;
  uint64_t significand = (bits & ((1ull << 52) - 1)) | 1ull << 52;
  if (exponent < 0) return 0;
  if (exponent >= width) return most;
  return exponent <= 52 ? significand >> (52 - exponent) : (unsigned_wide)significand << (exponent - 52);
}

unsigned_wide __fixunsdfti(double x) { return bits_of(x) >> 63 ? 0 : truncate(x, ~(unsigned_wide)0, 128); }

wide __fixdfti(double x) {
  unsigned_wide most = ((unsigned_wide)1 << 127) - 1;
  return bits_of(x) >> 63 ? (wide)-truncate(x, most + 1, 127) : (wide)truncate(x, most, 127);
}

unsigned_wide __fixunssfti(float x) { return __fixunsdfti(x); }
wide __fixsfti(float x) { return __fixdfti(x); }
