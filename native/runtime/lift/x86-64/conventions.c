/* SPDX-License-Identifier: 0BSD
 *
 * How an x86-64 program finds its registers: System V psABI.
 */
#include "lift.h"

const uint64_t hc_guest_capabilities = 0; /* it asks CPUID: machine.c */

NATIVE uint64_t hc_guest_stack(void)
{
	return hc_guest.gpr[GUEST_RSP];
}

const uint64_t hc_guest_call_size = 2; /* 0f 05 */

/* 3.2.2: what lies within 128 bytes below the stack pointer is in use. */
NATIVE void hc_guest_leave_stack(uint64_t stack)
{
	hc_guest.gpr[GUEST_RSP] = stack - 128 - 8;
}

NATIVE void hc_guest_begin_thread(struct guest *guest, uint64_t flags, uint64_t stack, uint64_t thread_pointer)
{
	guest->gpr[GUEST_RAX] = 0;
	if (stack) guest->gpr[GUEST_RSP] = stack;
	if (flags & CLONE_SETTLS) guest->fs = thread_pointer;
}

/* 3.4.1 */
NATIVE void hc_guest_begin(uint64_t stack)
{
	hc_guest.gpr[GUEST_RSP] = stack;
	hc_guest.direction = 1;
	hc_guest.x87.control = 0x37f;
}

/* 3.2.3: three arguments; the return address 8 below a multiple of 16. */
NATIVE void hc_guest_enter_handler(uint64_t stack, uint64_t next, uint64_t signal, uint64_t info, uint64_t context)
{
	hc_guest.gpr[GUEST_RSP] = stack - 128 - 8;
	*(uint64_t *)hc_guest.gpr[GUEST_RSP] = next;
	hc_guest.gpr[GUEST_RDI] = signal;
	hc_guest.gpr[GUEST_RSI] = info;
	hc_guest.gpr[GUEST_RDX] = context;
	hc_guest.gpr[GUEST_RAX] = 0;
	hc_guest.direction = 1;
}

/* hlt, ud2 */
NATIVE long hc_guest_illegal_signal(uint64_t address)
{
	(void)address;
	return SIGILL;
}
