/* SPDX-License-Identifier: 0BSD
 *
 * setjmp and longjmp of the portable convention. Arguments in R12 (data-stack pointer), R13 (buffer), R14, R15;
 * __hc_setjmp returns {value, data-stack pointer} in RAX and RDX.
 */
#include "../common/thread.h"

	.section .text.__hc_setjmp, "ax", @progbits
	.globl __hc_setjmp
	.type __hc_setjmp, @function
__hc_setjmp:
	mov __hc_self_offset(%rip), %rcx
	mov %fs:(%rcx), %rcx
	movl $1, HC_THREAD_JUMPS(%rcx)
	mov HC_THREAD_IN_HANDLER(%rcx), %ecx
	mov %rcx, HC_JUMP_IN_HANDLER(%r13)
	mov hc_control + HC_CONTROL_GENERATION(%rip), %ecx
	mov %rcx, HC_JUMP_GENERATION(%r13)
	mov %r12, HC_JUMP_DATA(%r13)
	mov %r14, HC_JUMP_SITE(%r13)
	mov %r15, HC_JUMP_FRAME(%r13)
	mov (%rsp), %rcx
	mov %rcx, HC_JUMP_PC(%r13)
	lea 8(%rsp), %rcx
	mov %rcx, HC_JUMP_SP(%r13)
	xor %eax, %eax
	mov %r12, %rdx
	ret
	.size __hc_setjmp, . - __hc_setjmp

	.section .text.__hc_longjmp, "ax", @progbits
	.globl __hc_longjmp
	.type __hc_longjmp, @function
__hc_longjmp:
	mov __hc_self_offset(%rip), %rcx
	mov %fs:(%rcx), %rcx
	mov HC_THREAD_IN_HANDLER(%rcx), %ecx
	cmp %rcx, HC_JUMP_IN_HANDLER(%r13)
	jne 2f
	mov hc_control + HC_CONTROL_GENERATION(%rip), %ecx
	cmp %rcx, HC_JUMP_GENERATION(%r13)
	jne 2f
1:	mov HC_JUMP_DATA(%r13), %rdx
	mov HC_JUMP_SP(%r13), %rsp
	mov %r14d, %eax
	test %eax, %eax
	jne 3f
	inc %eax			/* longjmp(3): 0 becomes 1 */
3:	jmp *HC_JUMP_PC(%r13)
2:	and $-16, %rsp
	mov %r13, %rdi
	call __hc_prepare_jump
	jmp 1b
	.size __hc_longjmp, . - __hc_longjmp
	.section .note.GNU-stack, "", @progbits
