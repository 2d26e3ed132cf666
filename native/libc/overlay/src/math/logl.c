/* SPDX-License-Identifier: GPL-3.0-or-later
 * log x = k ln 2 + log m, with m from 0.7 to 1.4.
 */
#include "exponential.h"

/* 1 / 3, 1 / 5, ... */
static const long double inverse[] = {
	1 / 3.0L, 1 / 5.0L, 1 / 7.0L, 1 / 9.0L, 1 / 11.0L,
	1 / 13.0L, 1 / 15.0L, 1 / 17.0L, 1 / 19.0L, 1 / 21.0L,
	1 / 23.0L, 1 / 25.0L, 1 / 27.0L, 1 / 29.0L, 1 / 31.0L,
	1 / 33.0L
};

/* 2 (s + s^3 / 3 + s^5 / 5 ...) with s = x / (2 + x). */
long double __log1p_series(long double x)
{
	long double s = x / (2 + x), square = s * s, sum = 0;
	for (int n = sizeof inverse / sizeof *inverse; n--;) sum = (sum + inverse[n]) * square;
	return 2 * (s + s * sum);
}

/* The double is right to 53 bits; what is left is the logarithm of a number so near to 1 that three terms are enough. */
static long double refined(long double m)
{
	long double first = log((double)m), rest = m * expl(-first) - 1;
	return first + (rest - rest * rest / 2 + rest * rest * rest / 3);
}

long double logl(long double x)
{
	int k;
	if (isnan(x) || (isinf(x) && x > 0)) return x;
	if (x == 0) return -1 / (x * x);
	if (x < 0) return (x - x) / 0.0L;
	long double m = frexpl(x, &k);
	if (m < 0.7L) m *= 2, k--;
	if (fabsl(m - 1) < 0.1L) {
		m = __log1p_series(m - 1);
		return k ? k * LN2_HIGH + (k * LN2_LOW + m) : m;
	}
	return k * LN2_HIGH + (k * LN2_LOW + refined(m));
}
