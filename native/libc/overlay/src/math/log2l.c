/* SPDX-License-Identifier: GPL-3.0-or-later
 * The exponent is exact.
 */
#include "exponential.h"

long double log2l(long double x)
{
	int k;
	if (!(x > 0) || isinf(x)) return logl(x);
	long double m = frexpl(x, &k);
	if (m < 0.7L) m *= 2, k--;
	return k + logl(m) * LOG2_E;
}
