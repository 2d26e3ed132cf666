/* SPDX-License-Identifier: GPL-3.0-or-later
 * For musl's exponentials and logarithms in binary128, which it has in double only.
 */
#ifndef HC_EXPONENTIAL_H
#define HC_EXPONENTIAL_H

#include <math.h>
#include <float.h>

/* ln 2 in two parts: a multiple of the first, by any exponent, is exact. */
#define LN2_HIGH 0x1.62e42fefa39ef35793c7673p-1L
#define LN2_LOW 0x1.f97b57a079a193394c5b16c5068cp-103L
#define LOG2_E 0x1.71547652b82fe1777d0ffda0d23ap0L
#define LOG10_E 0x1.bcb7b1526e50e32a6ab7555f5a68p-2L
#define LOG10_2 0x1.34413509f79fef311f12b35816f9p-2L

/* e^x - 1 for |x| < 0.35. */
hidden long double __expm1_series(long double x);
/* log(1 + x) for |x| <= 0.1. */
hidden long double __log1p_series(long double x);

#endif
