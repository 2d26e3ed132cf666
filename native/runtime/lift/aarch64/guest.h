/* SPDX-License-Identifier: 0BSD
 *
 * The registers of a lifted aarch64 program, one set per thread. Lifted functions keep them in values of their own and
 * store them here before they call, return or make a system call; the lifter takes the offsets from this file.
 */
#ifndef HC_LIFT_GUEST_H
#define HC_LIFT_GUEST_H

#include <stdint.h>

enum { GUEST_FRAME = 29, GUEST_LINK = 30, GUEST_STACK = 31 };

struct guest {
	uint64_t x[32]; /* the last one is sp */
	/* How the flags come about (flags.c): operation, two operands, third. */
	uint64_t flags_operation, flags_first, flags_second, flags_third;
	uint64_t tpidr;
	uint64_t fpcr;
	/* What a load-exclusive has seen: bytes (0: none), address, value. */
	uint64_t exclusive_size, exclusive_address, exclusive_value[2];
	uint64_t v[32][2] __attribute__((aligned(16)));
	uint64_t saturated[2]; /* FPSR.QC when any bit is set */
};

#endif
