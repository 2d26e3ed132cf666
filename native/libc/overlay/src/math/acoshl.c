/* SPDX-License-Identifier: GPL-3.0-or-later
 * log(x + sqrt(x^2 - 1)).
 */
#include "exponential.h"

long double acoshl(long double x)
{
	if (x > 0x1p60L) return logl(x) + LN2_LOW + LN2_HIGH;
	long double excess = x - 1;
	return log1pl(excess + sqrtl(excess * (2 + excess)));
}
