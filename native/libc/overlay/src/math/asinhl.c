/* SPDX-License-Identifier: GPL-3.0-or-later
 * log(x + sqrt(x^2 + 1)).
 */
#include "exponential.h"

long double asinhl(long double x)
{
	long double size = fabsl(x);
	if (x == 0 || !isfinite(x)) return x;
	if (size > 0x1p60L) return copysignl(logl(size) + LN2_LOW + LN2_HIGH, x);
	long double square = size * size;
	return copysignl(log1pl(size + square / (1 + sqrtl(square + 1))), x);
}
