/* SPDX-License-Identifier: GPL-3.0-or-later
 * e^x = 2^k e^r with |r| <= ln 2 / 2, and a power series.
 */
#include "exponential.h"

/* 1 / n! */
static const long double inverse[] = {
	1 / 1.0L, 1 / 2.0L, 1 / 6.0L,
	1 / 24.0L, 1 / 120.0L, 1 / 720.0L,
	1 / 5040.0L, 1 / 40320.0L, 1 / 362880.0L,
	1 / 3628800.0L, 1 / 39916800.0L, 1 / 479001600.0L,
	1 / 6227020800.0L, 1 / 87178291200.0L, 1 / 1307674368000.0L,
	1 / 20922789888000.0L, 1 / 355687428096000.0L, 1 / 6402373705728000.0L,
	1 / 121645100408832000.0L, 1 / 2432902008176640000.0L, 1 / 51090942171709440000.0L,
	1 / 1124000727777607680000.0L, 1 / 25852016738884976640000.0L, 1 / 620448401733239439360000.0L,
	1 / 15511210043330985984000000.0L
};

long double __expm1_series(long double x)
{
	int n = sizeof inverse / sizeof *inverse - 1;
	long double sum = inverse[n];
	while (n--) sum = sum * x + inverse[n];
	return sum * x;
}

long double expl(long double x)
{
	if (isnan(x)) return x;
	if (x > 11357) return x * LDBL_MAX;
	if (x < -11515) return isinf(x) ? 0 : LDBL_MIN * LDBL_MIN;
	long double k = rintl(x * LOG2_E);
	return scalbnl(1 + __expm1_series(x - k * LN2_HIGH - k * LN2_LOW), (int)k);
}
