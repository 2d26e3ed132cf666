/* SPDX-License-Identifier: 0BSD
 *
 * System calls of a lifted x86-64 program. Its kernel interface is the canonical one; what concerns its registers is done
 * here.
 */
#include "lift.h"

NATIVE static long arch_prctl(long code, long address)
{
	switch (code) {
	case ARCH_SET_FS: hc_guest.fs = (uint64_t)address; return 0;
	case ARCH_SET_GS: hc_guest.gs = (uint64_t)address; return 0;
	case ARCH_GET_FS: *(uint64_t *)address = hc_guest.fs; return 0;
	default: return -EINVAL;
	}
}

PORTABLE static long system_call(long n, const long a[6], uint64_t next)
{
	if (n == SYS_arch_prctl) return arch_prctl(a[0], a[1]);
	return hc_guest_system_call(n, a, next);
}

/* clone(2): the child begins on a stack of its own. It has its parent's memory as a copy, whatever it asked for. */
NATIVE static void begin_child(uint64_t flags, uint64_t stack, uint64_t thread_pointer)
{
	if (stack) hc_guest.gpr[GUEST_RSP] = stack;
	if (flags & CLONE_SETTLS) hc_guest.fs = thread_pointer;
}

/* Registers as the kernel takes them; rcx and r11 are lost, as with the instruction. */
LIFTED PORTABLE void hc_guest_syscall(uint64_t next)
{
	const uint64_t *r = hc_guest.gpr;
	const long number = (long)r[GUEST_RAX];
	const long arguments[6] = {(long)r[GUEST_RDI], (long)r[GUEST_RSI], (long)r[GUEST_RDX], (long)r[GUEST_R10], (long)r[GUEST_R8], (long)r[GUEST_R9]};
	const long result = system_call(number, arguments, next);
	if (number == SYS_clone && !result) begin_child((uint64_t)arguments[0], (uint64_t)arguments[1], (uint64_t)arguments[4]);
	hc_guest.gpr[GUEST_RAX] = (uint64_t)result;
	hc_guest.gpr[GUEST_RCX] = next;
	hc_guest.gpr[GUEST_R11] = 0x246;
}
