/* SPDX-License-Identifier: 0BSD
 *
 * IEEE 754 binary128, the canonical long double: aarch64's own type, without instructions on either ISA.
 *
 * Results are those of IEEE 754 in every rounding mode, and the exceptions are raised. Where the standard leaves a choice, it is
 * x86-64's: what is tiny is found out after rounding, and the NaN that an operation makes is negative.
 */
#ifndef HC_BUILTINS_QUAD_H
#define HC_BUILTINS_QUAD_H

#include "wide.h"

typedef float quad __attribute__((mode(TF)));

/* fenv.c: exceptions and rounding mode in canonical form. */
unsigned hc_fp_get(void);
void hc_fp_set(unsigned state);

enum { INVALID = 1, DIVIDE_BY_ZERO = 4, OVERFLOW = 8, UNDERFLOW = 16, INEXACT = 32 };
enum { NEAREST = 0, DOWNWARD = 0x400, UPWARD = 0x800, TOWARD_ZERO = 0xc00 };

/* A format: bits of the fraction, and the exponent's bias. */
struct format {
  int fraction, bias;
};
#define QUAD ((struct format){112, 16383})
#define DOUBLE ((struct format){52, 1023})
#define SINGLE ((struct format){23, 127})
#define HALF ((struct format){10, 15})

#define BIT(n) ((unsigned_wide)1 << (n))
#define MASK(n) (BIT(n) - 1)
#define SIGN BIT(127)
#define QUIET BIT(111)
#define INFINITY (MASK(15) << 112)
#define MAGNITUDE(x) ((x) & ~SIGN)
#define IS_NAN(x) (MAGNITUDE(x) > INFINITY)

static inline unsigned_wide quad_bits(quad x) {
  unsigned_wide bits;
  __builtin_memcpy_inline(&bits, &x, sizeof bits);
  return bits;
}

static inline quad as_quad(unsigned_wide bits) {
  quad x;
  __builtin_memcpy_inline(&x, &bits, sizeof x);
  return x;
}

/* Setting flags takes much longer than looking at them. */
static inline void raise(unsigned exceptions) {
  unsigned state = hc_fp_get();
  if (exceptions & ~state) hc_fp_set(state | exceptions);
}

static inline int leading_zeros(unsigned_wide x) {
  return HIGH(x) ? __builtin_clzll(HIGH(x)) : 64 + __builtin_clzll(LOW(x));
}

/* Lost bits count as the last one. */
static inline unsigned_wide shift_right_sticky(unsigned_wide x, int by) {
  if (by == 0) return x;
  if (by > 127) return x != 0;
  return x >> by | ((x & MASK(by)) != 0);
}

/* A finite number other than 0: significand * 2^(exponent - 127), with the significand's top bit set. */
struct number {
  unsigned_wide significand;
  int exponent;
};

/* The parts of a magnitude in a format. */
static inline struct number unpack(unsigned_wide magnitude, struct format format) {
  int exponent = magnitude >> format.fraction;
  unsigned_wide significand = magnitude << (127 - format.fraction);
  if (exponent) return (struct number){significand | SIGN, exponent - format.bias};
  int shift = leading_zeros(significand);
  return (struct number){significand << shift, 1 - format.bias - shift};
}

/* The significand without its last `drop` bits, rounded. */
static inline unsigned_wide rounded(unsigned_wide significand, int drop, int negative, unsigned mode) {
  unsigned_wide kept = significand >> drop, rest = significand & MASK(drop), tie = BIT(drop - 1);
  if (mode == NEAREST) return kept + (rest > tie || (rest == tie && (kept & 1)));
  return kept + (rest && mode == (negative ? DOWNWARD : UPWARD));
}

/* The bits of a number in a format, without the sign. The significand's last bit stands for all that are lost. */
static inline unsigned_wide pack(struct number number, int negative, struct format format) {
  int drop = 127 - format.fraction, exponent = number.exponent + format.bias;
  unsigned_wide significand = number.significand;
  if (exponent > 0 && exponent < 2 * format.bias && !(significand & MASK(drop)))
    return ((unsigned_wide)(exponent - 1) << format.fraction) + (significand >> drop);

  unsigned state = hc_fp_get(), mode = state & TOWARD_ZERO, exceptions = 0;
  int tiny = exponent <= 0;
  if (tiny) {
    /* Not tiny if it would round to the least normal number with an exponent as small as you like. */
    if (exponent == 0) tiny = rounded(significand, drop, negative, mode) >> (format.fraction + 1) == 0;
    significand = shift_right_sticky(significand, 1 - exponent);
    exponent = 1;
  }
  if (significand & MASK(drop)) exceptions = INEXACT | (tiny ? UNDERFLOW : 0);
  /* The significand's top bit, and a carry, raise the exponent by 1 as they should. */
  unsigned_wide bits = rounded(significand, drop, negative, mode);
  unsigned_wide infinity = (unsigned_wide)(2 * format.bias + 1) << format.fraction;
  if (exponent > 2 * format.bias) bits = infinity;
  else bits += (unsigned_wide)(exponent - 1) << format.fraction;
  if (bits >= infinity) {
    exceptions = OVERFLOW | INEXACT;
    bits = infinity - (mode == TOWARD_ZERO || mode == (negative ? UPWARD : DOWNWARD));
  }
  if (exceptions & ~state) hc_fp_set(state | exceptions);
  return bits;
}

static inline quad pack_quad(struct number number, unsigned_wide sign) {
  return as_quad(sign | pack(number, sign != 0, QUAD));
}

static inline quad invalid(void) {
  raise(INVALID);
  return as_quad(SIGN | INFINITY | QUIET);
}

/* The first NaN, quiet. */
static inline quad choose_nan(unsigned_wide a, unsigned_wide b) {
  if ((IS_NAN(a) && !(a & QUIET)) || (IS_NAN(b) && !(b & QUIET))) raise(INVALID);
  return as_quad((IS_NAN(a) ? a : b) | QUIET);
}

#endif
