/* SPDX-License-Identifier: 0BSD
 *
 * long hc_interruptible(long n, const long arguments[6]): a system call that HC_SIGNAL takes the thread out of. Its handler
 * compares the program counter with the labels, so that no request gets lost between the check and the call (as in
 * musl's cancellation points).
 */
#include "../common/thread.h"

	.section .text.hc_interruptible, "ax", @progbits
	.globl hc_interruptible
	.type hc_interruptible, @function
hc_interruptible:
	mov %rdi, %rax
	mov %rsi, %rcx
	mov (%rcx), %rdi
	mov 8(%rcx), %rsi
	mov 16(%rcx), %rdx
	mov 24(%rcx), %r10
	mov 32(%rcx), %r8
	mov 40(%rcx), %r9
	.globl hc_interruptible_begin, hc_interruptible_end, hc_interruptible_restart
hc_interruptible_begin:
#ifndef HC_SCRIBBLE			/* there the request stands all the time */
	cmpl $0, hc_control + HC_CONTROL_REQUEST(%rip)
	jne hc_interruptible_restart
#endif
	mov __hc_self_offset(%rip), %rcx
	mov %fs:(%rcx), %rcx
	cmpl $0, HC_THREAD_KICKED(%rcx)
	jne hc_interruptible_restart
	syscall
hc_interruptible_end:
	ret
hc_interruptible_restart:
	mov $HC_RESTART, %rax
	ret
	.size hc_interruptible, . - hc_interruptible
	.section .note.GNU-stack, "", @progbits
