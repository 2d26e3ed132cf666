/* SPDX-License-Identifier: 0BSD
 *
 * How an aarch64 program finds its registers: AAPCS64.
 */
#include "lift.h"

/* include/uapi/asm/hwcap.h: floating point and vectors; nothing that hc-lift does not fully know. */
const uint64_t hc_guest_capabilities = 1 << 0 | 1 << 1;

NATIVE uint64_t hc_guest_stack(void)
{
	return hc_guest.x[GUEST_STACK];
}

const uint64_t hc_guest_call_size = 4;

NATIVE void hc_guest_leave_stack(uint64_t stack)
{
	hc_guest.x[GUEST_STACK] = stack;
}

NATIVE void hc_guest_begin_thread(struct guest *guest, uint64_t flags, uint64_t stack, uint64_t thread_pointer)
{
	guest->x[0] = 0;
	if (stack) guest->x[GUEST_STACK] = stack;
	if (flags & CLONE_SETTLS) guest->tpidr = thread_pointer;
}

NATIVE void hc_guest_begin(uint64_t stack)
{
	hc_guest.x[GUEST_STACK] = stack;
}

NATIVE void hc_guest_enter_handler(uint64_t stack, uint64_t next, uint64_t signal, uint64_t info, uint64_t context)
{
	hc_guest.x[GUEST_STACK] = stack;
	hc_guest.x[GUEST_LINK] = next;
	hc_guest.x[GUEST_FRAME] = 0;
	hc_guest.x[0] = signal;
	hc_guest.x[1] = info;
	hc_guest.x[2] = context;
}

/* The executable's code lies where it was, as data: Arm ARM C6.2, BRK. */
NATIVE long hc_guest_illegal_signal(uint64_t address)
{
	return (*(const uint32_t *)address & 0xffe0001f) == 0xd4200000 ? SIGTRAP : SIGILL;
}
