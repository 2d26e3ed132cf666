/* SPDX-License-Identifier: 0BSD
 *
 * Arithmetic that has no single operation in IR: Intel SDM volume 2 under the instructions' names.
 */
#include "lift.h"

struct division {
	uint64_t quotient, remainder;
};

/* DIV r64. The compilers' divisions have nothing in the high half. */
LIFTED NATIVE struct division hc_guest_divide_unsigned(uint64_t high, uint64_t low, uint64_t divisor, uint64_t address)
{
	if (!divisor || high >= divisor) hc_guest_divide_error(address);
	if (!high) return (struct division){low / divisor, low % divisor};
	const unsigned __int128 value = (unsigned __int128)high << 64 | low;
	return (struct division){(uint64_t)(value / divisor), (uint64_t)(value % divisor)};
}

/* IDIV r64. */
LIFTED NATIVE struct division hc_guest_divide_signed(uint64_t high, uint64_t low, uint64_t divisor, uint64_t address)
{
	const int64_t d = (int64_t)divisor;
	const __int128 value = (__int128)((unsigned __int128)high << 64 | low);
	if (!d) hc_guest_divide_error(address);
	if (value == (int64_t)low && !(d == -1 && low == 1UL << 63))
		return (struct division){(uint64_t)((int64_t)low / d), (uint64_t)((int64_t)low % d)};
	const __int128 quotient = d == -1 ? -value : value / d;
	if (quotient != (int64_t)quotient) hc_guest_divide_error(address);
	return (struct division){(uint64_t)quotient, (uint64_t)(value - quotient * d)};
}

/* PMADDWD on half a register. */
LIFTED NATIVE uint64_t hc_guest_multiply_add_words(uint64_t a, uint64_t b)
{
	uint64_t result = 0;
	for (int i = 0; i < 64; i += 32) {
		const uint32_t sum = (uint32_t)((int16_t)(a >> i) * (int16_t)(b >> i)) +
		                     (uint32_t)((int16_t)(a >> (i + 16)) * (int16_t)(b >> (i + 16)));
		result |= (uint64_t)sum << i;
	}
	return result;
}

/* PSADBW on half a register. */
LIFTED NATIVE uint64_t hc_guest_sum_of_differences(uint64_t a, uint64_t b)
{
	uint64_t sum = 0;
	for (int i = 0; i < 64; i += 8) {
		const int difference = (int)(a >> i & 0xff) - (int)(b >> i & 0xff);
		sum += (uint64_t)(difference < 0 ? -difference : difference);
	}
	return sum;
}

/* MXCSR as far as we keep it: the rounding mode. All exceptions are masked. */
LIFTED NATIVE uint64_t hc_guest_read_mxcsr(uint64_t rounding)
{
	return 0x1f80 | (rounding & 3) << 13;
}

LIFTED NATIVE uint64_t hc_guest_rounding_of_mxcsr(uint64_t mxcsr)
{
	return mxcsr >> 13 & 3;
}

/* The machine's rounding mode follows the guest's. SSE and fenv.h number the modes alike, in other bits. */
LIFTED NATIVE void hc_guest_set_rounding(uint64_t rounding)
{
	hc_fp_set((hc_fp_get() & ~0xc00u) | (unsigned)(rounding & 3) << 10);
}
