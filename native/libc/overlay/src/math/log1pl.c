/* SPDX-License-Identifier: GPL-3.0-or-later
 * What the sum of 1 and x loses counts as a part of it.
 */
#include "exponential.h"

long double log1pl(long double x)
{
	if (x == 0) return x;
	if (fabsl(x) < 0.1L) return __log1p_series(x);
	long double sum = 1 + x;
	if (sum <= 0 || !isfinite(sum)) return logl(sum);
	return logl(sum) + (x - (sum - 1)) / sum;
}
