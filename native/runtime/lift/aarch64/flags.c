/* SPDX-License-Identifier: 0BSD
 *
 * NZCV of aarch64 as lifted code keeps it: by the operation that set it last, and its operands. The numbers are those that
 * libVEX gives the operations: Arm ARM C1.2.4, and AddWithCarry() for what they mean.
 */
#include "lift.h"

enum { COPY, ADD32, ADD64, SUB32, SUB64, ADC32, ADC64, SBC32, SBC64, LOGIC32, LOGIC64 };

#define N (1UL << 31)
#define Z (1UL << 30)
#define C (1UL << 29)
#define V (1UL << 28)

NATIVE static uint64_t with_carry(uint64_t a, uint64_t b, uint64_t carry, unsigned bits)
{
	const uint64_t mask = ~0UL >> (64 - bits), top = 1UL << (bits - 1);
	a &= mask;
	b &= mask;
	const unsigned __int128 sum = (unsigned __int128)a + b + carry;
	const uint64_t result = (uint64_t)sum & mask;
	return (result & top ? N : 0) | (result ? 0 : Z) | (sum >> bits ? C : 0) | (~(a ^ b) & (a ^ result) & top ? V : 0);
}

NATIVE static uint64_t flags(uint64_t operation, uint64_t first, uint64_t second, uint64_t third)
{
	const unsigned bits = operation & 1 ? 32 : 64;
	switch (operation) {
	case COPY: return first & (N | Z | C | V);
	case ADD32:
	case ADD64: return with_carry(first, second, 0, bits);
	case SUB32:
	case SUB64: return with_carry(first, ~second, 1, bits);
	case ADC32:
	case ADC64: return with_carry(first, second, third & 1, bits);
	case SBC32:
	case SBC64: return with_carry(first, ~second, third & 1, bits);
	default: return with_carry(first, 0, 0, bits); /* LOGIC: carry and overflow are clear */
	}
}

/* Arm ARM C1.2.4; the lowest bit inverts, but for "always". */
NATIVE static uint64_t holds(uint64_t condition, uint64_t f)
{
	const uint64_t n = (f & N) != 0, z = (f & Z) != 0, c = (f & C) != 0, v = (f & V) != 0;
	const uint64_t inverted = condition & 1;
	switch (condition >> 1) {
	case 0: return z ^ inverted;
	case 1: return c ^ inverted;
	case 2: return n ^ inverted;
	case 3: return v ^ inverted;
	case 4: return (c & !z) ^ inverted;
	case 5: return (n == v) ^ inverted;
	case 6: return (n == v && !z) ^ inverted;
	default: return 1;
	}
}

/* 4 bits each: condition, operation. */
LIFTED NATIVE uint64_t hc_guest_condition(uint64_t both, uint64_t first, uint64_t second, uint64_t third)
{
	return holds(both >> 4, flags(both & 15, first, second, third));
}

LIFTED NATIVE uint64_t hc_guest_flags(uint64_t operation, uint64_t first, uint64_t second, uint64_t third)
{
	return flags(operation, first, second, third);
}

#define FLAG(name, bit) \
	LIFTED NATIVE uint64_t hc_guest_##name(uint64_t operation, uint64_t first, uint64_t second, uint64_t third) \
	{ \
		return (flags(operation, first, second, third) & bit) != 0; \
	}
FLAG(negative, N)
FLAG(zero, Z)
FLAG(carry, C)
FLAG(overflow, V)
