/* SPDX-License-Identifier: 0BSD
 *
 * Calls of the kernel and of the vDSO.
 */
#include "../common/thread.h"

	.macro function name
	.section .text.\name, "ax", %progbits
	.globl \name
	.type \name, %function
\name:
	.endm

	.macro load_arguments
	mov x8, x0
	mov x9, x1
	ldp x0, x1, [x9]
	ldp x2, x3, [x9, #16]
	ldp x4, x5, [x9, #32]
	.endm

/* long hc_raw_interruptible(long n, const long arguments[6]): a system call that HC_SIGNAL takes the thread out of. Its
 * handler compares the program counter with the labels, so that no request gets lost between the check and the call
 * (as in musl's cancellation points). */
	function hc_raw_interruptible
	load_arguments
	.globl hc_interruptible_begin, hc_interruptible_end, hc_interruptible_restart
hc_interruptible_begin:
#ifndef HC_SCRIBBLE			/* there the request stands all the time */
	adrp x9, hc_control + HC_CONTROL_REQUEST
	ldr w9, [x9, :lo12:hc_control + HC_CONTROL_REQUEST]
	cbnz w9, hc_interruptible_restart
#endif
	adrp x9, __hc_self_offset
	ldr x9, [x9, :lo12:__hc_self_offset]
	mrs x10, tpidr_el0
	ldr x9, [x10, x9]
	ldr w9, [x9, #HC_THREAD_KICKED]
	cbnz w9, hc_interruptible_restart
	svc #0
hc_interruptible_end:
	ret
hc_interruptible_restart:
	mov x0, #HC_RESTART
	ret

/* long hc_vdso_call(function, long a, long b) */
	function hc_vdso_call
	mov x9, x0
	mov x0, x1
	mov x1, x2
	br x9

	function hc_set_thread_pointer
	msr tpidr_el0, x0
	ret

/* uint32_t hc_isa(void): HC_ISA_AARCH64 */
	function hc_isa
	mov w0, #183
	ret

/* The kernel enters handlers here: (signal, siginfo, ucontext), x30 = hc_signal_return. */
	function hc_signal_entry
	b __hc_deliver

/* SA_RESTORER: rt_sigreturn */
	function hc_signal_return
	mov x8, #139
	svc #0
	.section .note.GNU-stack, "", %progbits
