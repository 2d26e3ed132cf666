/* SPDX-License-Identifier: GPL-3.0-or-later
 * (e^x + e^-x) / 2.
 */
#include "exponential.h"

long double coshl(long double x)
{
	x = fabsl(x);
	if (x > 11300) return expl(x / 2) / 2 * expl(x / 2);
	long double power = expl(x);
	return (power + 1 / power) / 2;
}
