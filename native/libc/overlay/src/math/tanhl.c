/* SPDX-License-Identifier: GPL-3.0-or-later
 * (e^2x - 1) / (e^2x + 1).
 */
#include "exponential.h"

long double tanhl(long double x)
{
	long double size = fabsl(x);
	if (x == 0 || isnan(x)) return x;
	if (size > 45) return copysignl(1, x);
	long double grown = expm1l(2 * size);
	return copysignl(grown / (grown + 2), x);
}
