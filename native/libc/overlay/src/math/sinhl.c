/* SPDX-License-Identifier: GPL-3.0-or-later
 * (e^x - e^-x) / 2, without cancellation.
 */
#include "exponential.h"

long double sinhl(long double x)
{
	long double size = fabsl(x);
	if (x == 0 || !isfinite(x)) return x;
	if (size > 11300) return copysignl(expl(size / 2) / 2 * expl(size / 2), x);
	long double grown = expm1l(size);
	return copysignl((grown + grown / (grown + 1)) / 2, x);
}
