/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Functions that keep no calling convention, or one of their own. Those with a C prototype keep to C's towards their callers.
 */
	.text
	.macro global name
	.globl \name
	.balign 16
	.type \name, @function
\name:
	.endm

/* Argument in r10, results in rbx and r11; clobbers r12. */
	.balign 16
odd:
	lea 3(%r10), %rbx
	lea (%r10,%r10), %r11
	mov $77, %r12d
	ret

/* long odd_results(long): calls it. */
	global odd_results
	push %rbx
	push %r12
	mov %rdi, %r10
	call odd
	lea (%rbx,%r11), %rax
	add %r12, %rax
	pop %r12
	pop %rbx
	ret

/* Doubles rbp and r13, which its caller has in use. */
	.balign 16
double_saved:
	add %rbp, %rbp
	add %r13, %r13
	ret

/* long saved(long): through a pointer, too. */
	global saved
	push %rbp
	push %r13
	mov %rdi, %rbp
	lea 5(%rdi), %r13
	call double_saved
	lea double_saved(%rip), %rax
	call *%rax
	lea (%rbp,%r13), %rax
	pop %r13
	pop %rbp
	ret

/* Writes r8 on one way only; its caller reads it after both. */
	.balign 16
sometimes:
	test $1, %dil
	je 1f
	mov $1000, %r8d
1:	ret

/* long conditional(long) */
	global conditional
	mov $7, %r8d
	call sometimes
	mov %r8, %rax
	ret

/* Pops the argument that its caller has pushed. */
	.balign 16
popping:
	mov 8(%rsp), %rax
	add %rax, %rax
	ret $8

/* long callee_pops(long) */
	global callee_pops
	push %rdi
	call popping
	add $1, %rax
	ret

/* Returns to its caller's caller. */
	.balign 16
leaves_two:
	mov $99, %eax
	add $8, %rsp
	ret

/* long left(void) */
	global left
	call leaves_two
	mov $1, %eax
	ret

/* Gives back xmm5, and the high half of xmm6. */
	.balign 16
vector_results:
	movapd %xmm0, %xmm5
	addsd %xmm5, %xmm5
	movhpd %xmm5, scratch(%rip)
	movsd %xmm5, scratch(%rip)
	movhpd scratch(%rip), %xmm6
	ret

/* double vectors(double) */
	global vectors
	call vector_results
	movhlps %xmm6, %xmm0
	addsd %xmm5, %xmm0
	ret

/* long round_and_round(long, long): two functions that jump to each other, too often for a stack. */
	global round_and_round
	test %rdi, %rdi
	je 2f
	add %rdi, %rsi
	dec %rdi
	jmp other_round
2:	mov %rsi, %rax
	ret
	global other_round
	xor $1, %rsi
	jmp round_and_round

/* long switch_stack(long (*)(long), void *): calls a function on another stack, by leaving this one. */
	global switch_stack
	push %rbp
	push %rbx
	mov %rsp, %rbx
	mov %rsi, %rsp
	mov %rdi, %rax
	mov $20, %edi
	call *%rax
	mov %rbx, %rsp
	pop %rbx
	pop %rbp
	ret

/* Saves what a later jump back needs, as setjmp; the jump, as longjmp. */
	global save_context
	mov (%rsp), %rax
	mov %rax, (%rdi)
	lea 8(%rsp), %rax
	mov %rax, 8(%rdi)
	mov %rbx, 16(%rdi)
	mov %rbp, 24(%rdi)
	mov %r12, 32(%rdi)
	mov %r13, 40(%rdi)
	mov %r14, 48(%rdi)
	mov %r15, 56(%rdi)
	xor %eax, %eax
	ret
	global load_context
	mov 8(%rdi), %rsp
	mov 16(%rdi), %rbx
	mov 24(%rdi), %rbp
	mov 32(%rdi), %r12
	mov 40(%rdi), %r13
	mov 48(%rdi), %r14
	mov 56(%rdi), %r15
	mov %rsi, %rax
	push (%rdi)
	ret

/* long cut_short(long): the unwind table ends before it does, as C libraries do it in front of clone's system call. */
	global cut_short
	.cfi_startproc
	push %rbx
	mov %rdi, %rbx
	mov $110, %eax # getppid
	test %rdi, %rdi
	.cfi_endproc
	syscall
	je 1f
	call popping_none
	lea (%rax,%rbx), %rax
	pop %rbx
	ret
1:	mov $77, %eax
	pop %rbx
	ret
	.balign 16
popping_none:
	mov $3, %eax
	ret

/* double both_ways(double, double, long): a quotient and a conversion rounded up, less the same rounded down. */
	.global both_ways
both_ways:
	movl $0x5f80, -4(%rsp)
	ldmxcsr -4(%rsp)
	movapd %xmm0, %xmm2
	divsd %xmm1, %xmm2
	cvtsi2sd %rdi, %xmm4
	movl $0x3f80, -4(%rsp)
	ldmxcsr -4(%rsp)
	divsd %xmm1, %xmm0
	cvtsi2sd %rdi, %xmm5
	movl $0x1f80, -4(%rsp)
	ldmxcsr -4(%rsp)
	subsd %xmm0, %xmm2
	subsd %xmm5, %xmm4
	addsd %xmm4, %xmm2
	movapd %xmm2, %xmm0
	ret

/* long \name(long): a switch of so many cases, without an unwind table; the next one's table follows its own. */
	.macro switch name, count
	global \name
	push %rbx
	mov $-1, %eax
	cmp $\count - 1, %rdi
	ja 2f
	lea \name\()_table(%rip), %rbx
	movslq (%rbx,%rdi,4), %rax
	add %rbx, %rax
	jmp *%rax
1:	.set case, 0
	.rept \count
	mov $case + 1000, %eax
	pop %rbx
	ret
	.set case, case + 1
	.endr
2:	pop %rbx
	ret
	.section .rodata
	.balign 4
\name\()_table:
	.set case, 0
	.rept \count
	.long 1b + 7 * case - \name\()_table
	.set case, case + 1
	.endr
	.text
	.endm
	switch switch37, 37
	switch switch23, 23

	.bss
	.balign 16
scratch: .skip 16
	.section .note.GNU-stack, "", @progbits
