/* SPDX-License-Identifier: 0BSD
 *
 * long __hc_call_portable(function, data, a, b, c): from the C convention, which wants six registers back, to the portable
 * one, which keeps none.
 */
	.section .text.__hc_call_portable, "ax", @progbits
	.globl __hc_call_portable
	.type __hc_call_portable, @function
__hc_call_portable:
	push %rbp
	push %rbx
	push %r12
	push %r13
	push %r14
	push %r15
	sub $8, %rsp
	mov %rsi, %r12
	mov %rdx, %r13
	mov %rcx, %r14
	mov %r8, %r15
	call *%rdi
	add $8, %rsp
	pop %r15
	pop %r14
	pop %r13
	pop %r12
	pop %rbx
	pop %rbp
	ret
	.size __hc_call_portable, . - __hc_call_portable
	.section .note.GNU-stack, "", @progbits
