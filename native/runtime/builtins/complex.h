/* SPDX-License-Identifier: 0BSD
 *
 * Complex products and quotients, and powers to an integer, one definition for all types. Infinities as C11 Annex G.5.1 wants them.
 */
#ifndef HC_BUILTINS_COMPLEX_H
#define HC_BUILTINS_COMPLEX_H

#pragma STDC FP_CONTRACT OFF /* the same results on both ISAs */

#define INFINITE(x) __builtin_isinf(x)
#define NOT_A_NUMBER(x) __builtin_isnan(x)
#define FINITE(x) __builtin_isfinite(x)

/* Of a type: the functions' suffixes, and the same as unsigned integer to take the exponent from. */
#define COMPLEX(real, complex_suffix, suffix, word, bits, bias, copysign, infinity, absolute) \
  /* An infinite part counts as 1, a finite one as 0, with its sign. */ \
  static real unit_##suffix(real x) { return copysign(INFINITE(x) ? (real)1 : (real)0, x); } \
  static real zero_if_nan_##suffix(real x) { return NOT_A_NUMBER(x) ? copysign((real)0, x) : x; } \
\
  real _Complex __mul##complex_suffix(real a, real b, real c, real d) { \
    real ac = a * c, bd = b * d, ad = a * d, bc = b * c; \
    real x = ac - bd, y = ad + bc; \
    if (NOT_A_NUMBER(x) && NOT_A_NUMBER(y)) { \
      int left = INFINITE(a) || INFINITE(b), right = INFINITE(c) || INFINITE(d); \
      int overflow = INFINITE(ac) || INFINITE(bd) || INFINITE(ad) || INFINITE(bc); \
      if (left) a = unit_##suffix(a), b = unit_##suffix(b), c = zero_if_nan_##suffix(c), d = zero_if_nan_##suffix(d); \
      if (right) c = unit_##suffix(c), d = unit_##suffix(d), a = zero_if_nan_##suffix(a), b = zero_if_nan_##suffix(b); \
      if (!left && !right && overflow) \
        a = zero_if_nan_##suffix(a), b = zero_if_nan_##suffix(b), c = zero_if_nan_##suffix(c), d = zero_if_nan_##suffix(d); \
      if (left || right || overflow) { \
        x = infinity * (a * c - b * d); \
        y = infinity * (a * d + b * c); \
      } \
    } \
    return __builtin_complex(x, y); \
  } \
\
  static real scale_##suffix(real x, int exponent) { \
    union { \
      word bits_; \
      real value; \
    } power; \
    /* In steps that are normal numbers. */ \
    for (; exponent; ) { \
      int step = exponent > bias ? bias : exponent < 1 - bias ? 1 - bias : exponent; \
      power.bits_ = (word)(bias + step) << bits; \
      x *= power.value; \
      exponent -= step; \
    } \
    return x; \
  } \
\
  /* Exponent of a finite x other than 0. */ \
  static int exponent_##suffix(real x) { \
    union { \
      real value; \
      word bits_; \
    } as = {absolute(x)}; \
    if (!(as.bits_ >> bits)) { \
      as.value *= (real)((word)1 << (bits + 1)); \
      return (int)(as.bits_ >> bits) - bias - bits - 1; \
    } \
    return (int)(as.bits_ >> bits) - bias; \
  } \
\
  /* The divisor is scaled to about 1, so that its square neither overflows nor vanishes; the dividend only where it is near \
   * the ends of the range, as its parts may be far apart. */ \
  real _Complex __div##complex_suffix(real a, real b, real c, real d) { \
    real larger = absolute(c) > absolute(d) || NOT_A_NUMBER(d) ? absolute(c) : absolute(d); \
    int exponent = 0; \
    if (FINITE(larger) && larger != 0) { \
      exponent = exponent_##suffix(larger); \
      c = scale_##suffix(c, -exponent); \
      d = scale_##suffix(d, -exponent); \
    } \
    real dividend = absolute(a) > absolute(b) || NOT_A_NUMBER(b) ? absolute(a) : absolute(b); \
    if (FINITE(dividend) && dividend != 0) { \
      int size = exponent_##suffix(dividend); \
      int raise = size > bias - 4 ? -4 : size < 2 * bits - bias ? 2 * bits : 0; \
      a = scale_##suffix(a, raise); \
      b = scale_##suffix(b, raise); \
      exponent += raise; \
    } \
    real divisor = c * c + d * d; \
    real x = scale_##suffix((a * c + b * d) / divisor, -exponent); \
    real y = scale_##suffix((b * c - a * d) / divisor, -exponent); \
    if (NOT_A_NUMBER(x) && NOT_A_NUMBER(y)) { \
      if (divisor == 0 && (!NOT_A_NUMBER(a) || !NOT_A_NUMBER(b))) { \
        x = copysign(infinity, c) * a; \
        y = copysign(infinity, c) * b; \
      } else if ((INFINITE(a) || INFINITE(b)) && FINITE(c) && FINITE(d)) { \
        a = unit_##suffix(a), b = unit_##suffix(b); \
        x = infinity * (a * c + b * d); \
        y = infinity * (b * c - a * d); \
      } else if (INFINITE(larger) && FINITE(a) && FINITE(b)) { \
        c = unit_##suffix(c), d = unit_##suffix(d); \
        x = (real)0 * (a * c + b * d); \
        y = (real)0 * (b * c - a * d); \
      } \
    } \
    return __builtin_complex(x, y); \
  }

#define POWER(real, suffix) \
  real __powi##suffix(real x, int exponent) { \
    unsigned left = exponent < 0 ? -(unsigned)exponent : (unsigned)exponent; \
    real power = 1; \
    for (;; x *= x) { \
      if (left & 1) power *= x; \
      left >>= 1; \
      if (!left) break; \
    } \
    return exponent < 0 ? 1 / power : power; \
  }

#endif
