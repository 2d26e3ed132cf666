/* SPDX-License-Identifier: GPL-3.0-or-later
 * Powers of ten have exact ones.
 */
#include "exponential.h"

long double log10l(long double x)
{
	if (!(x > 0) || isinf(x)) return logl(x);
	long double result = log2l(x) * LOG10_2, whole = rintl(result);
	return fabsl(result - whole) < 1e-29L && fabsl(whole) < 4932 && powl(10, whole) == x ? whole : result;
}
