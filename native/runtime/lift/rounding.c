/* SPDX-License-Identifier: 0BSD
 *
 * Rounding to integers by a given mode: ROUNDSD and the conversions. In integers, so that no mode of the machine matters.
 */
#include "lift.h"

union real {
	double value;
	uint64_t bits;
};

/* IEEE 754 binary64. Modes as in MXCSR: nearest even, down, up, to zero; 4: nearest, ties away. */
LIFTED NATIVE double hc_guest_round(double value, uint64_t mode)
{
	union real r = {value};
	const int exponent = (int)(r.bits >> 52 & 0x7ff) - 1023;
	const uint64_t sign = r.bits & 1UL << 63;
	if (exponent >= 52) return exponent == 1024 ? value + value : value;
	uint64_t magnitude = r.bits ^ sign, up;
	if (exponent < 0) {
		if (!magnitude) return value;
		const int over_half = magnitude > 0x3fe0000000000000UL;
		const int half = magnitude >= 0x3fe0000000000000UL;
		up = mode == 0 ? over_half : mode == 4 ? half : mode == 1 ? sign != 0 : mode == 2 ? !sign : 0;
		r.bits = sign | (up ? 0x3ff0000000000000UL : 0);
		return r.value;
	}
	const uint64_t unit = 1UL << (52 - exponent), fraction = magnitude & (unit - 1);
	if (!fraction) return value;
	magnitude -= fraction;
	up = mode == 0   ? fraction > unit / 2 || (fraction == unit / 2 && (magnitude & unit))
	     : mode == 1 ? sign != 0
	     : mode == 2 ? !sign
	     : mode == 4 ? fraction >= unit / 2
	                 : 0;
	r.bits = sign | (magnitude + (up ? unit : 0));
	return r.value;
}
