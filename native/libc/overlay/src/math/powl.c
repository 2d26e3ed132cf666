/* SPDX-License-Identifier: GPL-3.0-or-later
 * e^(y log x), right to 98 bits or more; exact where it can be, as programs count on powl(10, 3) to be 1000.
 */
#include "exponential.h"

static int is_integer(long double x) { return rintl(x) == x; }
static int is_odd(long double x) { return is_integer(x) && !is_integer(x / 2); }

/* Zeros, infinities, NaNs: as for doubles of the same kind. */
static long double special(long double x, long double y)
{
	double base = x == 0 || !isfinite(x) ? (double)x : copysign(fabsl(x) < 1 ? 0.5 : fabsl(x) > 1 ? 2 : 1, (double)x);
	double exponent = y == 0 || !isfinite(y) ? (double)y : copysign(is_odd(y) ? 3 : is_integer(y) ? 2 : 2.5, (double)y);
	return pow(base, exponent);
}

static long double multiplied(long double x, int times)
{
	long double power = 1;
	for (unsigned left = times < 0 ? -times : times; left; left >>= 1, x *= x)
		if (left & 1) power *= x;
	return times < 0 ? 1 / power : power;
}

static long double positive(long double x, long double y)
{
	long double root = x, times = y;
	for (int i = 0; i < 4 && !is_integer(times); i++) root = sqrtl(root), times *= 2;
	if (is_integer(times) && fabsl(times) < 16384) {
		long double power = multiplied(root, (int)times);
		if (isnormal(power)) return power;
	}
	return expl(y * logl(x));
}

long double powl(long double x, long double y)
{
	if (x == 1 || y == 0 || x == 0 || !isfinite(x) || !isfinite(y)) return special(x, y);
	if (x > 0) return positive(x, y);
	if (!is_integer(y)) return (x - x) / (x - x);
	return is_odd(y) ? -positive(-x, y) : positive(-x, y);
}
