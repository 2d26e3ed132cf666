/* SPDX-License-Identifier: GPL-3.0-or-later
 * Both ISAs have a correctly rounded instruction for it.
 */
#include <math.h>

double sqrt(double x)
{
	return __builtin_elementwise_sqrt(x);
}
