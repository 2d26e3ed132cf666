/* SPDX-License-Identifier: GPL-3.0-or-later
 * As e^x where there is nothing to cancel.
 */
#include "exponential.h"

long double expm1l(long double x)
{
	if (x == 0) return x;
	return fabsl(x) < 0.34L ? __expm1_series(x) : expl(x) - 1;
}
