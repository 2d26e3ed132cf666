/* SPDX-License-Identifier: 0BSD
 *
 * __hc_park of the scribbling runtime (debug.c): see x86-64/park.S for the real one.
 */
#include "../../common/thread.h"

	.section .text.__hc_park, "ax", @progbits
	.globl __hc_park
	.type __hc_park, @function
__hc_park:
	cmpl $0, hc_control + HC_CONTROL_REQUEST(%rip)
	je 1f
	mov __hc_self_offset(%rip), %rbx
	mov %fs:(%rbx), %rbx
	cmpl $0, HC_THREAD_IN_HANDLER(%rbx)
	jne 1f
	pop HC_THREAD_PC(%rbx)
	mov %rsp, HC_THREAD_SP(%rbx)
	mov %r12, HC_THREAD_DATA(%rbx)
	mov HC_THREAD_RESUME_SP(%rbx), %rsp
	mov %rbx, %rdi
	call hc_scribble
	mov HC_THREAD_SP(%rbx), %rsp
	push HC_THREAD_PC(%rbx)
	test %eax, %eax
	mov HC_THREAD_DATA(%rbx), %rax
	je 2f
	mov $0xdeadbeefdeadbeef, %rcx
	.irp register, rbx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
	mov %rcx, %\register
	.endr
	.irp number, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
	movq %rcx, %xmm\number
	punpcklqdq %xmm\number, %xmm\number
	.endr
2:	ret
1:	mov %r12, %rax
	ret
	.size __hc_park, . - __hc_park

	.section .text.hc_resume, "ax", @progbits
	.globl hc_resume
hc_resume:
	ud2
	.section .note.GNU-stack, "", @progbits
