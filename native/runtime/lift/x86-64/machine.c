/* SPDX-License-Identifier: 0BSD
 *
 * What the guest learns about the processor. It is the same on every machine, and names nothing that hc-lift does not
 * fully know: programs then choose the code that was lifted well.
 */
#include "lift.h"

struct leaf {
	uint32_t number, a, b, c, d;
};

/* Intel SDM volume 2, CPUID; AMD64 manual volume 3, appendix E, for the caches. */
static const struct leaf leaves[] = {
	{0, 1, 0x68747541, 0x444d4163, 0x69746e65}, /* AuthenticAMD */
	/* fpu tsc cx8 cmov fxsr sse sse2; cx16 */
	{1, 0x00000f00, 0x00010800, 0x00002000, 0x07008111},
	{0x80000000, 0x80000006, 0x68747541, 0x444d4163, 0x69746e65},
	{0x80000001, 0x00000f00, 0, 0x00000001, 0x20000800}, /* lahf; syscall, long mode */
	{0x80000005, 0, 0, 0x20080140, 0x20080140},          /* 32 KiB each */
	{0x80000006, 0, 0, 0x02006140, 0x00204140},          /* 512 KiB, 4 MiB */
};

LIFTED NATIVE void hc_guest_cpuid(void)
{
	const uint32_t number = (uint32_t)hc_guest.gpr[GUEST_RAX];
	struct leaf leaf = {0, 0, 0, 0, 0};
	for (uint64_t i = 0; i < sizeof leaves / sizeof leaves[0]; i++)
		if (leaves[i].number == number) leaf = leaves[i];
	hc_guest.gpr[GUEST_RAX] = leaf.a;
	hc_guest.gpr[GUEST_RBX] = leaf.b;
	hc_guest.gpr[GUEST_RCX] = leaf.c;
	hc_guest.gpr[GUEST_RDX] = leaf.d;
}

/* A clock that goes on over a move, in nanoseconds. */
LIFTED NATIVE uint64_t hc_guest_time_stamp(void)
{
	struct hc_timespec now;
	hc_clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.seconds * NANOSECONDS + (uint64_t)now.nanoseconds;
}
