/* SPDX-License-Identifier: 0BSD
 *
 * Conversions between binary128 and the other formats, and integers.
 */
#include "quad.h"

/* Every number of a smaller format is one of binary128. */
static inline quad extend(unsigned_wide bits, int size, struct format format) {
  unsigned_wide sign = bits >> (size - 1) << 127, magnitude = bits & MASK(size - 1);
  unsigned_wide infinity = MASK(size - 1) & ~MASK(format.fraction);
  if (magnitude >= infinity) {
    unsigned_wide quiet = sign | INFINITY | (magnitude & ~infinity) << (112 - format.fraction);
    return magnitude > infinity ? choose_nan(quiet, quiet) : as_quad(quiet);
  }
  if (magnitude >> format.fraction)
    return as_quad(sign | ((magnitude << (112 - format.fraction)) + ((unsigned_wide)(QUAD.bias - format.bias) << 112)));
  return magnitude ? pack_quad(unpack(magnitude, format), sign) : as_quad(sign);
}

/* What a NaN's fraction has no room for is lost. */
static inline unsigned_wide truncate(quad x, int size, struct format format) {
  unsigned_wide bits = quad_bits(x), sign = bits >> 127 << (size - 1);
  unsigned_wide infinity = MASK(size - 1) & ~MASK(format.fraction);
  if (IS_NAN(bits)) bits = quad_bits(choose_nan(bits, bits));
  bits = MAGNITUDE(bits);
  if (bits >= INFINITY) return sign | infinity | (bits & MASK(112)) >> (112 - format.fraction);
  return bits ? sign | pack(unpack(bits, QUAD), sign != 0, format) : sign;
}

/*   FORMAT(type, its bits as an integer, suffix, size, format) */
#define FORMATS \
  FORMAT(_Float16, uint16_t, hf, 16, HALF) \
  FORMAT(float, uint32_t, sf, 32, SINGLE) \
  FORMAT(double, uint64_t, df, 64, DOUBLE)

#define FORMAT(real, word, suffix, size, format) \
  quad __extend##suffix##tf2(real x) { \
    word bits; \
    __builtin_memcpy_inline(&bits, &x, sizeof bits); \
    return extend(bits, size, format); \
  } \
\
  real __trunctf##suffix##2(quad x) { \
    word bits = truncate(x, size, format); \
    real result; \
    __builtin_memcpy_inline(&result, &bits, sizeof result); \
    return result; \
  }

FORMATS

/* Toward zero. Where it does not fit, and for a NaN, it is the end of the range, as with doubles (float-wide.c). */
static inline unsigned_wide to_integer(quad x, int bits, int is_signed) {
  unsigned_wide magnitude = MAGNITUDE(quad_bits(x));
  int negative = quad_bits(x) != magnitude, exponent = (int)(magnitude >> 112) - QUAD.bias;
  if (exponent < 0) {
    if (magnitude) raise(INEXACT);
    return 0;
  }
  unsigned_wide most = is_signed ? MASK(bits - 1) : MASK(bits - 1) << 1 | 1;
  unsigned_wide limit = !negative ? most : is_signed ? most + 1 : 0;
  unsigned_wide whole = exponent < 128 ? (magnitude << 15 | SIGN) >> (127 - exponent) : 0;
  if (exponent > 127 || whole > limit) {
    raise(INVALID);
    return negative ? -limit : limit;
  }
  if (exponent < 112 && magnitude & MASK(112 - exponent)) raise(INEXACT);
  return negative ? -whole : whole;
}

int32_t __fixtfsi(quad x) { return to_integer(x, 32, 1); }
int64_t __fixtfdi(quad x) { return to_integer(x, 64, 1); }
wide __fixtfti(quad x) { return to_integer(x, 128, 1); }
uint32_t __fixunstfsi(quad x) { return to_integer(x, 32, 0); }
uint64_t __fixunstfdi(quad x) { return to_integer(x, 64, 0); }
unsigned_wide __fixunstfti(quad x) { return to_integer(x, 128, 0); }

static inline quad from_integer(unsigned_wide magnitude, int negative) {
  if (!magnitude) return as_quad(0);
  int shift = leading_zeros(magnitude);
  return pack_quad((struct number){magnitude << shift, 127 - shift}, negative ? SIGN : 0);
}

static inline quad from_signed(wide x) { return from_integer(x < 0 ? -(unsigned_wide)x : (unsigned_wide)x, x < 0); }

quad __floatsitf(int32_t x) { return from_signed(x); }
quad __floatditf(int64_t x) { return from_signed(x); }
quad __floattitf(wide x) { return from_signed(x); }
quad __floatunsitf(uint32_t x) { return from_integer(x, 0); }
quad __floatunditf(uint64_t x) { return from_integer(x, 0); }
quad __floatuntitf(unsigned_wide x) { return from_integer(x, 0); }
