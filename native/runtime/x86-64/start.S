/* SPDX-License-Identifier: 0BSD
 *
 * Entry point. C start-up runs on the kernel's stack and returns {thread, argument image}.
 */
#include "../common/thread.h"

	.section .text.hc_start, "ax", @progbits
	.globl _start
	.type _start, @function
_start:
	xor %ebp, %ebp
	mov %rsp, %rdi
	and $-16, %rsp
	call __hc_start
	mov HC_THREAD_NATIVE_HIGH(%rax), %rsp
	mov HC_THREAD_DATA_LOW(%rax), %r12
	mov %rdx, %r13
	call __hc_main
	.globl __hc_entry_return
__hc_entry_return:
	mov %rax, %rdi
	call __hc_end_thread
	ud2
	.size _start, . - _start
	.section .note.GNU-stack, "", @progbits
