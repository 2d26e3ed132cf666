/* SPDX-License-Identifier: 0BSD
 *
 * The registers of a lifted x86-64 program, one set per thread. Lifted functions keep them in values of their own and
 * store them here before they call, return or make a system call; the lifter takes the offsets from this file.
 */
#ifndef HC_LIFT_GUEST_H
#define HC_LIFT_GUEST_H

#include <stdint.h>

enum {
	GUEST_RAX, GUEST_RCX, GUEST_RDX, GUEST_RBX, GUEST_RSP, GUEST_RBP, GUEST_RSI, GUEST_RDI,
	GUEST_R8, GUEST_R9, GUEST_R10, GUEST_R11, GUEST_R12, GUEST_R13, GUEST_R14, GUEST_R15,
};

/* x87 extended real: Intel SDM volume 1, 4.2.2. */
struct guest_extended {
	uint64_t significand;
	uint16_t sign_exponent;
};

struct guest_x87 {
	struct guest_extended registers[8]; /* physical; the top one is status bits 11 to 13 */
	uint16_t control, status;
	uint8_t used; /* bit per physical register that is not empty */
};

struct guest {
	uint64_t gpr[16];
	/* How the flags come about (flags.h): operation, two operands, third. */
	uint64_t flags_operation, flags_first, flags_second, flags_third;
	uint64_t direction; /* 1 or -1: how string operations go */
	uint64_t identification, alignment_check;
	uint64_t fs, gs;
	uint64_t rounding; /* of SSE, as in MXCSR bits 13 and 14 */
	uint64_t vector_low[17][2] __attribute__((aligned(16))); /* the last one is the lifter's own */
	uint64_t vector_high[17][2] __attribute__((aligned(16)));
	struct guest_x87 x87;
	uint64_t called; /* where hc_guest_find_pointer()'s caller is about to go */
};

#endif
