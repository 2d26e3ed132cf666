/* SPDX-License-Identifier: 0BSD
 *
 * __hc_park: portable (data-stack pointer in R12, returned in RAX). Called on the cold path of every migration point:
 * nothing but RSP lives across.
 */
#include "../common/thread.h"

	.section .text.__hc_park, "ax", @progbits
	.globl __hc_park
	.type __hc_park, @function
__hc_park:
	cmpl $0, hc_control + HC_CONTROL_REQUEST(%rip)
	je 1f
	mov __hc_self_offset(%rip), %rcx
	mov %fs:(%rcx), %rcx
	cmpl $0, HC_THREAD_IN_HANDLER(%rcx)
	jne 1f
	pop HC_THREAD_PC(%rcx)
	mov %rsp, HC_THREAD_SP(%rcx)
	mov %r12, HC_THREAD_DATA(%rcx)
	mov HC_THREAD_RESUME_SP(%rcx), %rsp
	jmp hc_resume
1:	mov %r12, %rax
	ret
	.size __hc_park, . - __hc_park

/* A parked thread, and one rebuilt from images: RSP = resume_sp and the thread pointer are all it has. */
	.section .text.hc_resume, "ax", @progbits
	.globl hc_resume
	.type hc_resume, @function
hc_resume:
	xor %ebp, %ebp
	cld
	call __hc_wait_parked
	mov %rax, %rcx
	mov HC_THREAD_DATA(%rcx), %rax
	mov HC_THREAD_SP(%rcx), %rsp
	jmp *HC_THREAD_PC(%rcx)
	.size hc_resume, . - hc_resume
	.section .note.GNU-stack, "", @progbits
