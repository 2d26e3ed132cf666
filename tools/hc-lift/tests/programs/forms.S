/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "forms.h"

	.section .data.rel.ro.forms, "aw", @progbits
	.globl forms
	.balign 8
forms:
	.section .note.GNU-stack, "", @progbits

/* %rdi: struct registers, also in %r11 while the instruction runs (%rdi points to its memory then). */
.macro form flags, compared, text
	.section .rodata.names, "a", @progbits
7:	.asciz "\text"
	.text
	.balign 16
8:	push %rbx
	push %rdi
	mov 8(%rdi), %rcx
	mov 16(%rdi), %rdx
	mov 24(%rdi), %rbx
	mov 32(%rdi), %rsi
	mov 40(%rdi), %r8
	mov 48(%rdi), %r9
	mov 56(%rdi), %r10
	movdqu OFFSET_VECTORS(%rdi), %xmm0
	movdqu OFFSET_VECTORS+16(%rdi), %xmm1
	movdqu OFFSET_VECTORS+32(%rdi), %xmm2
	movdqu OFFSET_VECTORS+48(%rdi), %xmm3
	mov %rdi, %r11
	pushq OFFSET_FLAGS(%rdi)
	popfq
	mov (%rdi), %rax
	lea OFFSET_MEMORY(%rdi), %rdi
	\text
	pushfq
	cld
	mov 8(%rsp), %rdi
	popq OFFSET_FLAGS(%rdi)
	mov %rax, (%rdi)
	mov %rcx, 8(%rdi)
	mov %rdx, 16(%rdi)
	mov %rbx, 24(%rdi)
	mov %rsi, 32(%rdi)
	mov %r8, 40(%rdi)
	mov %r9, 48(%rdi)
	mov %r10, 56(%rdi)
	movdqu %xmm0, OFFSET_VECTORS(%rdi)
	movdqu %xmm1, OFFSET_VECTORS+16(%rdi)
	movdqu %xmm2, OFFSET_VECTORS+32(%rdi)
	movdqu %xmm3, OFFSET_VECTORS+48(%rdi)
	pop %rdi
	pop %rbx
	ret
	.section .data.rel.ro.forms
	.quad 8b, 7b, \flags, \compared
	.text
.endm

/* --- integers ------------------------------------------------------------------------------------------ */
.irp op, add, sub, adc, sbb, cmp
	form ALL, EXACT, "\op\()b %cl, %al"
	form ALL, EXACT, "\op\()w %cx, %ax"
	form ALL, EXACT, "\op\()l %ecx, %eax"
	form ALL, EXACT, "\op\()q %rcx, %rax"
	form ALL, EXACT, "\op\()b $0x81, %ah"
	form ALL, EXACT, "\op\()q $-5, %rdx"
	form ALL, EXACT, "\op\()l %ecx, 4(%rdi)"
	form ALL, EXACT, "\op\()q 8(%rdi), %rbx"
.endr
.irp op, and, or, xor, test
	form NO_AF, EXACT, "\op\()b %cl, %al"
	form NO_AF, EXACT, "\op\()w %cx, %ax"
	form NO_AF, EXACT, "\op\()l %ecx, %eax"
	form NO_AF, EXACT, "\op\()q %rcx, %rax"
	form NO_AF, EXACT, "\op\()q $0x1234567, %rdx"
.endr
.irp op, inc, dec, neg
	form ALL, EXACT, "\op\()b %al"
	form ALL, EXACT, "\op\()w %ax"
	form ALL, EXACT, "\op\()l %eax"
	form ALL, EXACT, "\op\()q %rax"
	form ALL, EXACT, "\op\()w 2(%rdi)"
.endr
.irp op, "notb %al", "notw %cx", "notl %edx", "notq %rbx", "bswap %eax", "bswap %r9", cbtw, cwtl, cltq, cwtd, cltd, cqto
	form ALL, EXACT, "\op"
.endr
.irp op, shl, shr, sar
	form NO_AF, EXACT, "\op\()b $1, %al"
	form NO_OF_AF, EXACT, "\op\()w $3, %ax"
	form NO_OF_AF, EXACT, "\op\()l $31, %eax"
	form NO_OF_AF, EXACT, "\op\()q $63, %rax"
	form ONLY_ZF, EXACT, "and $31, %ecx; jz 1f; \op\()l %cl, %eax; 1: test %eax, %eax"
	form NO_OF_AF, EXACT, "or $1, %ecx; \op\()q %cl, %rdx"
	form NO_AF, EXACT, "\op\()q $1, %rdx"
.endr
.irp op, rol, ror, rcl, rcr
	form ALL, EXACT, "\op\()b $1, %al"
	form ALL, EXACT, "\op\()w $1, %ax"
	form ALL, EXACT, "\op\()l $1, %eax"
	form ALL, EXACT, "\op\()q $1, %rax"
	form NO_OF_AF, EXACT, "\op\()w $5, %ax"
	form NO_OF_AF, EXACT, "\op\()l %cl, %eax"
	form NO_OF_AF, EXACT, "\op\()q %cl, %rdx"
.endr
	form NO_OF_AF, EXACT, "shldl $7, %ecx, %eax"
	form NO_OF_AF, EXACT, "shldq $33, %rcx, %rax"
	form NO_OF_AF, EXACT, "shrdl $7, %ecx, %eax"
	form NO_OF_AF, EXACT, "shrdq $33, %rcx, %rax"
	form NO_OF_AF, EXACT, "or $1, %ecx; shldq %cl, %rbx, %rax"
	form ONLY_CF, EXACT, "imull %ecx, %eax"
	form ONLY_CF, EXACT, "imulw %cx, %ax"
	form ONLY_CF, EXACT, "imulq %rcx, %rax"
	form ONLY_CF, EXACT, "imulq $1000, %rcx, %rax"
	form ONLY_CF, EXACT, "imull $-3, %ecx, %eax"
.irp op, "mulb %cl", "mulw %cx", "mull %ecx", "mulq %rcx", "imulb %cl", "imulw %cx", "imull %ecx", "imulq %rcx"
	form ONLY_CF, EXACT, "\op"
.endr
	form NONE, EXACT, "xor %edx, %edx; or $1, %ecx; divl %ecx"
	form NONE, EXACT, "xor %edx, %edx; or $1, %rcx; divq %rcx"
	form NONE, EXACT, "shr $1, %rcx; or $1, %rcx; mov %rcx, %rdx; shr $2, %rdx; divq %rcx"
	form NONE, EXACT, "or $3, %ecx; shr $1, %ecx; shr $1, %eax; cltd; idivl %ecx"
	form NONE, EXACT, "or $3, %rcx; shr $1, %rcx; cqto; idivq %rcx"
	form NONE, EXACT, "mov $77, %ecx; mov $-3, %rdx; idivq %rcx"
	form NONE, EXACT, "movzbl %al, %eax; or $1, %cl; divb %cl"
	form NONE, EXACT, "xor %edx, %edx; or $1, %cx; divw %cx"
.irp op, bt, bts, btr, btc
	form ONLY_CARRY, EXACT, "\op\()l $5, %eax"
	form ONLY_CARRY, EXACT, "\op\()q %rcx, %rax"
	form ONLY_CARRY, EXACT, "and $0x7f, %ecx; \op\()l %ecx, (%rdi)"
.endr
	form ONLY_ZF, EXACT, "or $0x100, %ecx; bsfl %ecx, %eax"
	form ONLY_ZF, EXACT, "or $0x100, %ecx; bsrq %rcx, %rax"
	form ONLY_ZF, EXACT, "rep bsfq %rcx, %rax; bsf %rcx, %rdx"
.irp cc, o, no, b, ae, e, ne, be, a, s, ns, p, np, l, ge, le, g
	form ALL, EXACT, "set\cc %al"
	form ALL, EXACT, "cmov\cc %rcx, %rax"
	form ALL, EXACT, "cmov\cc %ecx, %edx"
	form ALL, EXACT, "j\cc 1f; mov %rcx, %rax; 1:"
	form ALL, EXACT, "cmp %ecx, %eax; set\cc %bl"
	form NO_AF, EXACT, "test %rcx, %rax; set\cc 3(%rdi)"
	form ALL, EXACT, "sub %cx, %ax; j\cc 1f; inc %rsi; 1:"
	form ALL, EXACT, "decb %al; set\cc %cl"
.endr
.irp op, "movzbl %cl, %eax", "movzwq %cx, %rax", "movsbl %ch, %eax", "movsbq (%rdi), %rax", "movswl %cx, %eax", "movslq %ecx, %rax", "xchg %rcx, %rax", "xchg %al, %ah"
	form ALL, EXACT, "\op"
.endr
	form ALL, EXACT, "xchg %ecx, 8(%rdi)"
	form ALL, EXACT, "xaddl %ecx, %eax"
	form ALL, EXACT, "lock xaddq %rcx, (%rdi)"
	form ALL, EXACT, "lock addl %ecx, 4(%rdi)"
	form ALL, EXACT, "lock decw 4(%rdi)"
	form NO_AF, EXACT, "lock orb %cl, 1(%rdi)"
	/* libVEX writes the register that the processor leaves alone, and not the other: only upper halves show it. */
	form ALL, EXACT, "cmpxchgl %ecx, %edx; mov %edx, %edx; mov %eax, %eax"
	form ALL, EXACT, "cmpxchgq %rcx, (%rdi)"
	form ALL, EXACT, "mov (%rdi), %rax; lock cmpxchgq %rcx, (%rdi)"
	form ALL, EXACT, "mov (%rdi), %eax; lock cmpxchgl %ecx, (%rdi)"
	form ONLY_ZF, EXACT, "lock cmpxchg8b (%rdi)"
	form ALL, EXACT, "lea 5(%rcx,%rdx,4), %rax"
	form ALL, EXACT, "lea (%ecx,%edx,2), %eax"
	form ALL, EXACT, "lahf"
	form ALL, EXACT, "sahf"
	form ALL, EXACT, "stc"
	form ALL, EXACT, "clc"
	form ALL, EXACT, "cmc"
	form ALL, EXACT, "push %rcx; pop %rax"
	form ALL, EXACT, "mov $5, %ecx; lea 32(%rdi), %rsi; rep movsb; sub %r11, %rdi; mov %rdi, %rax; sub %r11, %rsi; cmp %al, %al"
	form ALL, EXACT, "mov $3, %ecx; lea 1(%rdi), %rsi; xchg %rsi, %rdi; rep movsq; sub %r11, %rsi; cmp %al, %al"
	form ALL, EXACT, "mov $3, %ecx; std; lea 40(%rdi), %rdi; lea 4(%rdi), %rsi; rep movsl; cld; sub %r11, %rsi; cmp %al, %al"
	form ALL, EXACT, "mov $4, %ecx; rep stosq; cmp %al, %al; xor %esi, %esi"
	form ALL, EXACT, "mov $4, %ecx; rep stosw; cmp %al, %al; xor %esi, %esi"
	form ALL, EXACT, "mov $30, %ecx; repne scasb; xor %esi, %esi"
	form ALL, EXACT, "mov $8, %ecx; lea 32(%rdi), %rsi; repe cmpsb; xor %esi, %esi"
	form ALL, EXACT, "mov %rdi, %rsi; lodsl; xor %esi, %esi; cmp %al, %al"

/* --- vectors of integers --------------------------------------------------------------------------------- */
.irp op, paddb, paddw, paddd, paddq, psubb, psubw, psubd, psubq, paddsb, paddsw, paddusb, paddusw, psubsb, psubsw, psubusb, psubusw
	form ALL, EXACT, "\op %xmm1, %xmm0"
.endr
.irp op, pmullw, pmulhw, pmulhuw, pmuludq, pmaddwd, psadbw, pavgb, pavgw, pminub, pmaxub, pminsw, pmaxsw, pand, pandn, por, pxor
	form ALL, EXACT, "\op %xmm1, %xmm0"
.endr
.irp op, pcmpeqb, pcmpeqw, pcmpeqd, pcmpgtb, pcmpgtw, pcmpgtd, packsswb, packssdw, packuswb
	form ALL, EXACT, "\op %xmm1, %xmm0"
.endr
.irp op, punpcklbw, punpcklwd, punpckldq, punpcklqdq, punpckhbw, punpckhwd, punpckhdq, punpckhqdq
	form ALL, EXACT, "\op %xmm1, %xmm0"
.endr
.irp op, psllw, pslld, psllq, psrlw, psrld, psrlq, psraw, psrad
	form ALL, EXACT, "\op $5, %xmm0"
	form ALL, EXACT, "\op $200, %xmm0"
	form ALL, EXACT, "movd %ecx, %xmm1; pand %xmm3, %xmm1; \op %xmm1, %xmm0"
	form ALL, EXACT, "\op %xmm1, %xmm0"
.endr
	form ALL, EXACT, "pslldq $3, %xmm0"
	form ALL, EXACT, "psrldq $5, %xmm0"
	form ALL, EXACT, "pshufd $0x1b, %xmm1, %xmm0"
	form ALL, EXACT, "pshuflw $0x93, %xmm1, %xmm0"
	form ALL, EXACT, "pshufhw $0x4e, %xmm1, %xmm0"
	form ALL, EXACT, "shufps $0x9c, %xmm1, %xmm0"
	form ALL, EXACT, "shufpd $1, %xmm1, %xmm0"
	form ALL, EXACT, "pmovmskb %xmm0, %eax"
	form ALL, EXACT, "movmskps %xmm0, %eax"
	form ALL, EXACT, "movmskpd %xmm0, %eax"
	form ALL, EXACT, "movd %ecx, %xmm0"
	form ALL, EXACT, "movq %rcx, %xmm0"
	form ALL, EXACT, "movq %xmm1, %rax"
	form ALL, EXACT, "movd %xmm1, %eax"
	form ALL, EXACT, "movq %xmm1, %xmm0"
	form ALL, EXACT, "pinsrw $3, %ecx, %xmm0"
	form ALL, EXACT, "pextrw $5, %xmm1, %eax"
	form ALL, EXACT, "movss %xmm1, %xmm0"
	form ALL, EXACT, "movsd %xmm1, %xmm0"
	form ALL, EXACT, "movss (%rdi), %xmm0"
	form ALL, EXACT, "movsd %xmm1, 8(%rdi)"
	form ALL, EXACT, "movhlps %xmm1, %xmm0"
	form ALL, EXACT, "movlhps %xmm1, %xmm0"
	form ALL, EXACT, "movhps 8(%rdi), %xmm0"
	form ALL, EXACT, "movlpd %xmm1, 3(%rdi)"
	form ALL, EXACT, "unpcklps %xmm1, %xmm0"
	form ALL, EXACT, "unpckhpd %xmm1, %xmm0"
	form ALL, EXACT, "movdqu %xmm1, 5(%rdi)"
	form ALL, EXACT, "movntdq %xmm1, (%rdi)"
.irp op, andps, andnps, orpd, xorps
	form ALL, EXACT, "\op %xmm1, %xmm0"
.endr

/* --- floating point ---------------------------------------------------------------------------------------- */
.irp op, add, sub, mul, div, min, max
	form ALL, SINGLES, "\op\()ss %xmm1, %xmm0"
	form ALL, DOUBLES, "\op\()sd %xmm1, %xmm0"
	form ALL, SINGLES, "\op\()ps %xmm1, %xmm0"
	form ALL, DOUBLES, "\op\()pd %xmm1, %xmm0"
.endr
	form ALL, SINGLES, "sqrtss %xmm1, %xmm0"
	form ALL, DOUBLES, "sqrtsd %xmm1, %xmm0"
	form ALL, DOUBLES, "sqrtpd %xmm1, %xmm0"
.irp op, eq, lt, le, unord, neq, nlt, nle, ord
	form ALL, EXACT, "cmp\op\()ss %xmm1, %xmm0"
	form ALL, EXACT, "cmp\op\()sd %xmm1, %xmm0"
	form ALL, EXACT, "cmp\op\()ps %xmm1, %xmm0"
	form ALL, EXACT, "cmp\op\()pd %xmm1, %xmm0"
.endr
.irp op, ucomiss, ucomisd, comiss, comisd
	form ALL, EXACT, "\op %xmm1, %xmm0"
	form ALL, EXACT, "\op %xmm0, %xmm0"
.endr
	form ALL, EXACT, "cvtsi2sd %ecx, %xmm0"
	form ALL, EXACT, "cvtsi2sdq %rcx, %xmm0"
	form ALL, EXACT, "cvtsi2ss %ecx, %xmm0"
	form ALL, EXACT, "cvtsi2ssq %rcx, %xmm0"
	form ALL, EXACT, "cvttsd2si %xmm0, %eax"
	form ALL, EXACT, "cvttsd2si %xmm0, %rax"
	form ALL, EXACT, "cvttss2si %xmm0, %eax"
	form ALL, EXACT, "cvttss2si %xmm0, %rax"
	form ALL, EXACT, "cvtsd2si %xmm0, %eax"
	form ALL, EXACT, "cvtsd2si %xmm0, %rax"
	form ALL, EXACT, "cvtss2si %xmm0, %rax"
	form ALL, DOUBLES, "cvtss2sd %xmm1, %xmm0"
	form ALL, SINGLES, "cvtsd2ss %xmm1, %xmm0"
	form ALL, SINGLES, "cvtpd2ps %xmm1, %xmm0"
	form ALL, DOUBLES, "cvtps2pd %xmm1, %xmm0"
	form ALL, EXACT, "cvtdq2ps %xmm1, %xmm0"
	form ALL, EXACT, "cvtdq2pd %xmm1, %xmm0"
	form ALL, EXACT, "cvttps2dq %xmm1, %xmm0"
	form ALL, EXACT, "cvtps2dq %xmm1, %xmm0"
	form ALL, EXACT, "cvttpd2dq %xmm1, %xmm0"

/* --- x87: operands are two doubles and two integers in memory, results go to memory too ---------------------- */
.irp op, fadd, fsub, fsubr, fmul, fdiv, fdivr
	form ALL, X87, "fldl (%rdi); \op\()l 8(%rdi); fstpt 32(%rdi)"
	form ALL, X87, "fldl (%rdi); fldl 8(%rdi); \op\()p; fstpl 32(%rdi)"
	form ALL, X87, "fldt 48(%rdi); fldt 64(%rdi); \op %st(1), %st; fstpt 32(%rdi); fstp %st"
.endr
.irp op, fiadd, fisub, fisubr, fimul, fidiv, fidivr
	form ALL, X87, "flds (%rdi); \op\()l 16(%rdi); fstps 32(%rdi)"
	form ALL, X87, "flds 4(%rdi); \op\()s 16(%rdi); fstps 32(%rdi)"
.endr
.irp op, fsqrt, fabs, fchs, frndint
	form ALL, X87, "fldt 48(%rdi); \op; fstpt 32(%rdi)"
.endr
	form ALL, X87, "fildq 16(%rdi); fistpq 32(%rdi)"
	form ALL, X87, "fildl 16(%rdi); fstpt 32(%rdi)"
	form ALL, X87, "fldl (%rdi); fistpl 32(%rdi)"
	form ALL, X87, "fldl (%rdi); fistps 32(%rdi)"
	form ALL, X87, "fldl (%rdi); fistpq 32(%rdi)"
	form ALL, X87, "fldt 48(%rdi); fstpl 32(%rdi)"
	form ALL, X87, "fldt 48(%rdi); fstps 32(%rdi)"
	form ALL, X87, "fldl 8(%rdi); fldl (%rdi); fprem; fnstsw %ax; and $0x4700, %eax; fstpt 32(%rdi); fstp %st; cmp %al, %al"
	form ALL, X87, "fldl 8(%rdi); fldl (%rdi); fprem1; fnstsw %ax; and $0x4700, %eax; fstpt 32(%rdi); fstp %st; cmp %al, %al"
	form ALL, X87, "fildl 16(%rdi); fldl (%rdi); fscale; fstpt 32(%rdi); fstp %st"
	form ALL, X87, "fldl (%rdi); fxtract; fstpt 32(%rdi); fstpt 48(%rdi)"
	form ALL, X87, "fldl (%rdi); fxam; fnstsw %ax; and $0x4700, %eax; fstp %st; cmp %al, %al"
	form ALL, X87, "fldl (%rdi); fcoml 8(%rdi); fnstsw %ax; and $0x4500, %eax; fstp %st; cmp %al, %al"
	form ALL, X87, "fldl (%rdi); fldl 8(%rdi); fucomip; fstp %st"
	form ALL, X87, "fldl (%rdi); fldl 8(%rdi); cmp %ecx, %eax; fcmovb %st(1), %st; fstpt 32(%rdi); fstp %st"
	form ALL, X87, "fldpi; fldl2t; fldl2e; fldlg2; fstpt 32(%rdi); fstpt 48(%rdi); fstpt 64(%rdi); fstpt 80(%rdi)"
	form ALL, X87, "fldln2; fld1; fldz; fxch; fstpt 32(%rdi); fstpt 48(%rdi); fstpt 64(%rdi)"
	form ALL, X87, "movw $0xf7f, 80(%rdi); fldcw 80(%rdi); fldl (%rdi); fistpl 32(%rdi); fldt 48(%rdi); fstpl 48(%rdi); fninit"
	form ALL, X87, "movw $0x27f, 80(%rdi); fldcw 80(%rdi); fldl (%rdi); faddl 8(%rdi); fstpt 32(%rdi); fninit"
	form ALL, X87, "movw $0xb7f, 80(%rdi); fldcw 80(%rdi); fldl (%rdi); fmull 8(%rdi); fstpt 32(%rdi); fninit"

	.section .data.rel.ro.forms
	.globl forms_end
forms_end:
