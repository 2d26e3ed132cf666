/* SPDX-License-Identifier: 0BSD
 *
 * New threads, and a thread that begins anew. The outermost frame returns to __hc_entry_return (start.S), as the first
 * thread's does.
 */
#include "../common/thread.h"

/* long hc_clone_thread(flags, block, parent_tid, child_tid): clone(flags, stack, parent_tid, child_tid, tls) */
	.section .text.hc_clone_thread, "ax", @progbits
	.globl hc_clone_thread
	.type hc_clone_thread, @function
hc_clone_thread:
	mov %rsi, %r9			/* clone has five arguments: the sixth register is the child's, too */
	mov %rcx, %r10
	mov HC_THREAD_NATIVE_HIGH(%r9), %rsi
	mov HC_THREAD_TP(%r9), %r8
	mov $56, %eax
	syscall
	test %rax, %rax
	jz 1f
	ret
1:	xor %ebp, %ebp
	mov %r9, %rdi
	call __hc_begin_thread
	ud2
	.size hc_clone_thread, . - hc_clone_thread

/* void hc_start_over(block, function, argument, data) */
	.section .text.hc_start_over, "ax", @progbits
	.globl hc_start_over
	.type hc_start_over, @function
hc_start_over:
	mov HC_THREAD_NATIVE_HIGH(%rdi), %rsp
	xor %ebp, %ebp
	mov %rcx, %r12
	mov %rdx, %r13
	lea __hc_entry_return(%rip), %rax
	push %rax
	jmp *%rsi
	.size hc_start_over, . - hc_start_over
	.section .note.GNU-stack, "", @progbits
