/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "forms.h"

	.arch armv8-a+lse+crc
	.section .data.rel.ro.forms, "aw", @progbits
	.globl forms
	.balign 8
forms:
	.section .note.GNU-stack, "", @progbits

/* x0: struct registers, in x20 while the instruction runs; x9 points to its memory then. */
.macro form compared, text
	.section .rodata.names, "a", @progbits
7:	.asciz "\text"
	.text
	.balign 16
8:	stp x20, x30, [sp, #-16]!
	mov x20, x0
	ldp q0, q1, [x20, #OFFSET_VECTORS]
	ldp q2, q3, [x20, #OFFSET_VECTORS+32]
	ldr x1, [x20, #OFFSET_FLAGS]
	msr nzcv, x1
	msr fpsr, xzr
	ldp x1, x2, [x20]
	ldp x3, x4, [x20, #16]
	ldp x5, x6, [x20, #32]
	ldp x7, x8, [x20, #48]
	add x9, x20, #OFFSET_MEMORY
	\text
	stp x1, x2, [x20]
	stp x3, x4, [x20, #16]
	stp x5, x6, [x20, #32]
	stp x7, x8, [x20, #48]
	mrs x1, nzcv
	mrs x2, fpsr
	and x2, x2, #0x8000000
	stp x1, x2, [x20, #OFFSET_FLAGS]
	stp q0, q1, [x20, #OFFSET_VECTORS]
	stp q2, q3, [x20, #OFFSET_VECTORS+32]
	ldp x20, x30, [sp], #16
	ret
	.section .data.rel.ro.forms
	.quad 8b, 7b, ALL, \compared
	.text
.endm

/* --- integers ------------------------------------------------------------------------------------------ */
.irp op, add, adds, sub, subs
	form EXACT, "\op x1, x2, x3"
	form EXACT, "\op w1, w2, w3"
	form EXACT, "\op x1, x2, #0x7ff"
	form EXACT, "\op w1, w2, #0x123, lsl #12"
	form EXACT, "\op x1, x2, x3, lsl #7"
	form EXACT, "\op w1, w2, w3, asr #3"
	form EXACT, "\op x1, x2, x3, lsr #63"
	form EXACT, "\op x1, x2, w3, uxtb"
	form EXACT, "\op x1, x2, w3, sxth #2"
	form EXACT, "\op x1, x2, w3, uxtw #3"
	form EXACT, "\op w1, w2, w3, sxtb #1"
	form EXACT, "\op x1, x2, x3, sxtx #4"
.endr
.irp op, adc, adcs, sbc, sbcs
	form EXACT, "\op x1, x2, x3"
	form EXACT, "\op w1, w2, w3"
.endr
.irp op, and, ands, orr, eor, bic, bics, orn, eon
	form EXACT, "\op x1, x2, x3"
	form EXACT, "\op w1, w2, w3"
	form EXACT, "\op x1, x2, x3, ror #13"
	form EXACT, "\op w1, w2, w3, lsl #5"
	form EXACT, "\op x1, x2, x3, asr #40"
.endr
.irp op, and, ands, orr, eor
	form EXACT, "\op x1, x2, #0x7f80"
	form EXACT, "\op w1, w2, #0xf0f0f0f0"
.endr
.irp op, "movz x1, #0x1234, lsl #32", "movn x1, #0x4321, lsl #16", "movn w1, #5", "movk x1, #0xabcd, lsl #48", "movk w1, #7", "mov w1, w2", "neg x1, x2", "negs w1, w2", "ngc x1, x2", "ngcs w1, w2", "cmp x1, x2", "cmn w1, w2", "tst x1, x2", "mvn w1, w2", "adr x1, .; sub x1, x1, x1"
	form EXACT, "\op"
.endr
.irp cc, eq, ne, hs, lo, mi, pl, vs, vc, hi, ls, ge, lt, gt, le, al
	form EXACT, "csel x1, x2, x3, \cc"
	form EXACT, "csinc w1, w2, w3, \cc"
	form EXACT, "csinv x1, x2, x3, \cc"
	form EXACT, "csneg w1, w2, w3, \cc"
	form EXACT, "ccmp x1, x2, #5, \cc"
	form EXACT, "ccmn w1, w2, #10, \cc"
	form EXACT, "ccmp w1, #17, #3, \cc"
	form EXACT, "b.\cc 1f; mov x1, x2; 1:"
	form EXACT, "cmp x1, x2; csinc x3, xzr, xzr, \cc"
	form EXACT, "cmp w1, w2; b.\cc 1f; mov x3, x4; 1:"
	form EXACT, "adds w1, w2, w3; csinc x3, xzr, xzr, \cc"
	form EXACT, "ands x1, x2, x3; csel x4, x5, x6, \cc"
	form EXACT, "sbcs x1, x2, x3; csel x4, x5, x6, \cc"
	form EXACT, "adcs w1, w2, w3; csel x4, x5, x6, \cc"
	form EXACT, "cmn x1, x2; csel x4, x5, x6, \cc"
	form DOUBLES, "fcmp d0, d1; csel x1, x2, x3, \cc"
	form DOUBLES, "fcsel d2, d0, d1, \cc"
	form DOUBLES, "fccmp d0, d1, #6, \cc"
	form SINGLES, "fccmpe s0, s1, #9, \cc"
.endr
.irp op, lsl, lsr, asr, ror
	form EXACT, "\op x1, x2, x3"
	form EXACT, "\op w1, w2, w3"
	form EXACT, "\op x1, x2, #17"
	form EXACT, "\op w1, w2, #31"
.endr
.irp op, "extr x1, x2, x3, #11", "extr w1, w2, w3, #30", "ubfx x1, x2, #5, #20", "ubfx w1, w2, #31, #1", "sbfx x1, x2, #60, #4", "sbfx w1, w2, #3, #9", "bfi x1, x2, #9, #30", "bfi w1, w2, #0, #7", "bfxil x1, x2, #12, #40", "bfxil w1, w2, #8, #8", "ubfiz x1, x2, #20, #10", "sbfiz w1, w2, #4, #11", "sbfiz x1, x2, #40, #24"
	form EXACT, "\op"
.endr
.irp op, "sxtb w1, w2", "sxtb x1, w2", "sxth w1, w2", "sxth x1, w2", "sxtw x1, w2", "uxtb w1, w2", "uxth w1, w2", "clz x1, x2", "clz w1, w2", "cls x1, x2", "cls w1, w2", "rbit x1, x2", "rbit w1, w2", "rev x1, x2", "rev w1, w2", "rev16 x1, x2", "rev16 w1, w2", "rev32 x1, x2"
	form EXACT, "\op"
.endr
.irp op, "mul x1, x2, x3", "mul w1, w2, w3", "madd x1, x2, x3, x4", "msub w1, w2, w3, w4", "mneg x1, x2, x3", "smull x1, w2, w3", "umull x1, w2, w3", "smaddl x1, w2, w3, x4", "umaddl x1, w2, w3, x4", "smsubl x1, w2, w3, x4", "umsubl x1, w2, w3, x4", "smulh x1, x2, x3", "umulh x1, x2, x3", "udiv x1, x2, x3", "udiv w1, w2, w3", "sdiv x1, x2, x3", "sdiv w1, w2, w3", "mov x3, #-1; sdiv x1, x2, x3", "mov w3, #-1; sdiv w1, w2, w3"
	form EXACT, "\op"
.endr
.irp op, "crc32b w1, w2, w3", "crc32h w1, w2, w3", "crc32w w1, w2, w3", "crc32x w1, w2, x3", "crc32cb w1, w2, w3", "crc32ch w1, w2, w3", "crc32cw w1, w2, w3", "crc32cx w1, w2, x3"
	form EXACT, "\op"
.endr
	form EXACT, "cbz w1, 1f; mov x2, x3; 1:"
	form EXACT, "and x1, x1, #1; cbnz x1, 1f; mov x2, x3; 1:"
	form EXACT, "tbz x1, #33, 1f; mov x2, x3; 1:"
	form EXACT, "tbnz w1, #0, 1f; mov x2, x3; 1:"
	form EXACT, "mrs x1, nzcv"
	form EXACT, "msr nzcv, x1"
	form EXACT, "bl 1f; b 2f; 1: mov x1, x2; ret; 2: cmp x1, x2"
	form EXACT, "adr x8, 1f; br x8; mov x1, x2; 1: mov x8, #0"
	form EXACT, "adr x8, 1f; blr x8; mov x8, #0; b 2f; 1: mov x1, x2; ret; 2: cmp x1, x2"

/* --- memory ---------------------------------------------------------------------------------------------- */
.irp op, "ldrb w1, [x9, #3]", "ldrh w1, [x9, #6]", "ldr w1, [x9, #4]", "ldr x1, [x9, #8]", "ldrsb w1, [x9, #5]", "ldrsb x1, [x9, #5]", "ldrsh w1, [x9, #2]", "ldrsh x1, [x9, #2]", "ldrsw x1, [x9, #12]", "ldur x1, [x9, #3]", "ldursh w1, [x9, #1]", "ldursw x1, [x9, #7]", "strb w1, [x9, #1]", "strh w1, [x9, #2]", "str w1, [x9, #4]", "str x1, [x9, #16]", "stur x1, [x9, #5]"
	form EXACT, "\op"
.endr
.irp op, "ldr x1, [x9, #8]!", "ldr w1, [x9], #-4", "ldrsb x1, [x9, #9]!", "str x1, [x9, #24]!", "strh w1, [x9], #6", "ldp x1, x2, [x9, #16]", "ldp w1, w2, [x9, #8]!", "ldp x1, x2, [x9], #32", "ldpsw x1, x2, [x9, #4]", "stp x1, x2, [x9, #32]!", "stp w1, w2, [x9], #8", "ldp q0, q1, [x9], #32", "stp q0, q1, [x9, #16]!", "ldp d0, d1, [x9, #8]", "stp s0, s1, [x9, #4]!", "ldnp x1, x2, [x9, #16]", "stnp w1, w2, [x9, #8]"
	form EXACT, "\op; sub x8, x9, x20"
.endr
.irp op, "ldr x1, [x9, x2]", "ldrb w1, [x9, x2, sxtx]", "ldr q0, [x9, x2]", "strb w3, [x9, w2, uxtw]"
	form EXACT, "and x2, x2, #31; \op"
.endr
.irp op, "ldr x1, [x9, x2, lsl #3]", "ldr w1, [x9, w2, uxtw #2]", "ldrh w1, [x9, w2, sxtw #1]", "str x3, [x9, x2, lsl #3]", "ldrsw x1, [x9, w2, sxtw #2]", "ldr d0, [x9, x2, lsl #3]", "str s1, [x9, w2, uxtw #2]"
	form EXACT, "and x2, x2, #7; \op"
.endr
.irp op, "ldr b0, [x9, #3]", "ldr h0, [x9, #2]", "ldr s0, [x9, #4]", "ldr d0, [x9, #8]", "ldr q0, [x9, #16]", "ldur q0, [x9, #3]", "ldur s0, [x9, #1]", "str b0, [x9, #1]", "str h0, [x9, #2]", "str s0, [x9, #4]", "str d0, [x9, #8]", "str q0, [x9, #16]", "stur d0, [x9, #5]"
	form EXACT, "\op"
.endr
.irp op, "ldar x1, [x9]", "ldarb w1, [x9]", "ldarh w1, [x9]", "stlr w1, [x9]", "stlrb w1, [x9]", "ldxr x1, [x9]; stxr w2, x3, [x9]", "ldaxr w1, [x9]; stlxr w2, w3, [x9]", "ldxrb w1, [x9]; stxrb w2, w3, [x9]", "ldaxrh w1, [x9]; stlxrh w2, w3, [x9]", "ldxr x1, [x9]; str x3, [x9, #8]; stxr w2, x3, [x9]", "clrex; stxr w2, x3, [x9]", "add x7, x9, #16; ldxp x1, x2, [x7]; stxp w5, x3, x4, [x7]; mov x7, #0", "ldaxp w1, w2, [x9]; stlxp w5, w3, w4, [x9]", "dmb ish", "dsb sy", "isb", "prfm pldl1keep, [x9]"
	form EXACT, "\op"
.endr
.irp op, ldadd, ldclr, ldeor, ldset, ldsmax, ldsmin, ldumax, ldumin, swp
	form EXACT, "\op x1, x2, [x9]"
	form EXACT, "\op\()al w1, w2, [x9]"
	form EXACT, "\op\()ab w1, w2, [x9]"
	form EXACT, "\op\()lh w1, w2, [x9]"
.endr
.irp op, "cas x1, x2, [x9]", "ldr x1, [x9]; casal x1, x2, [x9]", "ldr w1, [x9]; casa w1, w2, [x9]", "ldrb w1, [x9]; caslb w1, w2, [x9]"
	form EXACT, "\op"
.endr
.irp n, "16b", "8h", "4s", "2d", "8b", "4h", "2s"
	form EXACT, "ld1 {v0.\n}, [x9]"
	form EXACT, "ld1 {v0.\n, v1.\n, v2.\n}, [x9]"
	form EXACT, "st1 {v0.\n, v1.\n}, [x9]"
	form EXACT, "ld1r {v0.\n}, [x9]"
.endr
.irp n, "16b", "8h", "4s", "2d", "8b"
	form EXACT, "ld2 {v0.\n, v1.\n}, [x9]"
	form EXACT, "ld3 {v0.\n, v1.\n, v2.\n}, [x9]"
	form EXACT, "ld4 {v0.\n, v1.\n, v2.\n, v3.\n}, [x9]"
	form EXACT, "st2 {v0.\n, v1.\n}, [x9]"
	form EXACT, "st3 {v0.\n, v1.\n, v2.\n}, [x9]"
	form EXACT, "st4 {v0.\n, v1.\n, v2.\n, v3.\n}, [x9]"
.endr
.irp op, "ld1 {v0.b}[5], [x9]", "ld1 {v0.h}[3], [x9]", "ld1 {v0.s}[2], [x9]", "ld1 {v0.d}[1], [x9]", "st1 {v0.b}[9], [x9]", "st1 {v0.s}[1], [x9]", "st1 {v0.d}[1], [x9]", "ld2 {v0.s, v1.s}[1], [x9]", "st4 {v0.b, v1.b, v2.b, v3.b}[7], [x9]"
	form EXACT, "\op"
.endr

/* --- vectors of integers --------------------------------------------------------------------------------- */
.irp op, add, sub, cmeq, cmge, cmgt, cmhi, cmhs, cmtst, sqadd, uqadd, sqsub, uqsub, sshl, ushl, srshl, urshl, sqshl, uqshl, sqrshl, uqrshl, zip1, zip2, uzp1, uzp2, trn1, trn2, addp
.irp n, "16b", "8h", "4s", "2d"
	form EXACT, "\op v0.\n, v1.\n, v2.\n"
.endr
.endr
.irp op, mul, mla, mls, smax, umax, smin, umin, smaxp, umaxp, sminp, uminp, sabd, uabd, saba, uaba, shadd, uhadd, shsub, uhsub, srhadd, urhadd
.irp n, "16b", "8h", "4s", "8b", "4h", "2s"
	form EXACT, "\op v0.\n, v1.\n, v2.\n"
.endr
.endr
.irp op, and, orr, eor, bic, orn, bsl, bit, bif
	form EXACT, "\op v0.16b, v1.16b, v2.16b"
	form EXACT, "\op v0.8b, v1.8b, v2.8b"
.endr
.irp op, add, sub, cmeq, cmgt, cmhi, sshl, ushl, srshl, urshl, sqadd, uqadd, sqsub, uqsub, sqshl, uqshl, sqrshl
	form EXACT, "\op d0, d1, d2"
	form EXACT, "\op v0.8b, v1.8b, v2.8b"
.endr
.irp op, sqadd, uqadd, sqsub, uqsub, sqshl, uqrshl, sqdmulh, sqrdmulh
	form EXACT, "\op s0, s1, s2"
	form EXACT, "\op h0, h1, h2"
.endr
.irp op, sqdmulh, sqrdmulh
	form EXACT, "\op v0.8h, v1.8h, v2.8h"
	form EXACT, "\op v0.4s, v1.4s, v2.4s"
	form EXACT, "\op v0.4s, v1.4s, v2.s[1]"
	form EXACT, "movi v1.8h, #0x80, lsl #8; \op v0.8h, v1.8h, v1.8h"
.endr
.irp op, sqdmull, sqdmlal, sqdmlsl
	form EXACT, "\op v0.4s, v1.4h, v2.4h"
	form EXACT, "\op\()2 v0.2d, v1.4s, v2.4s"
	form EXACT, "\op v0.2d, v1.2s, v2.s[3]"
	form EXACT, "\op d0, s1, s2"
.endr
.irp op, smull, umull, smlal, umlal, smlsl, umlsl, saddl, uaddl, ssubl, usubl, sabdl, uabdl, sabal, uabal
	form EXACT, "\op v0.8h, v1.8b, v2.8b"
	form EXACT, "\op v0.4s, v1.4h, v2.4h"
	form EXACT, "\op v0.2d, v1.2s, v2.2s"
	form EXACT, "\op\()2 v0.8h, v1.16b, v2.16b"
	form EXACT, "\op\()2 v0.2d, v1.4s, v2.4s"
.endr
.irp op, saddw, uaddw, ssubw, usubw
	form EXACT, "\op v0.8h, v1.8h, v2.8b"
	form EXACT, "\op\()2 v0.2d, v1.2d, v2.4s"
.endr
.irp op, addhn, raddhn, subhn, rsubhn
	form EXACT, "\op v0.8b, v1.8h, v2.8h"
	form EXACT, "\op\()2 v0.8h, v1.4s, v2.4s"
	form EXACT, "\op v0.2s, v1.2d, v2.2d"
.endr
.irp op, mul, mla, mls
	form EXACT, "\op v0.8h, v1.8h, v2.h[5]"
	form EXACT, "\op v0.4s, v1.4s, v2.s[2]"
.endr
.irp op, smull, umull, smlal, umlsl
	form EXACT, "\op v0.4s, v1.4h, v2.h[3]"
	form EXACT, "\op\()2 v0.2d, v1.4s, v2.s[1]"
.endr
	form EXACT, "pmul v0.16b, v1.16b, v2.16b"
	form EXACT, "pmull v0.8h, v1.8b, v2.8b"
	form EXACT, "pmull2 v0.8h, v1.16b, v2.16b"
.irp op, abs, neg, sqabs, sqneg, suqadd, usqadd
.irp n, "16b", "8h", "4s", "2d"
	form EXACT, "\op v0.\n, v1.\n"
.endr
	form EXACT, "\op d0, d1"
.endr
.irp op, cls, clz, saddlv, uaddlv
.irp n, "16b", "8h", "4s"
.ifc \op, cls
	form EXACT, "cls v0.\n, v1.\n"
	form EXACT, "clz v0.\n, v1.\n"
.endif
.endr
.endr
.irp op, "cnt v0.16b, v1.16b", "cnt v0.8b, v1.8b", "rbit v0.16b, v1.16b", "not v0.16b, v1.16b", "rev16 v0.16b, v1.16b", "rev32 v0.16b, v1.16b", "rev32 v0.8h, v1.8h", "rev64 v0.16b, v1.16b", "rev64 v0.8h, v1.8h", "rev64 v0.4s, v1.4s", "rev64 v0.2s, v1.2s"
	form EXACT, "\op"
.endr
.irp op, saddlp, uaddlp, sadalp, uadalp
	form EXACT, "\op v0.8h, v1.16b"
	form EXACT, "\op v0.4s, v1.8h"
	form EXACT, "\op v0.2d, v1.4s"
	form EXACT, "\op v0.1d, v1.2s"
.endr
.irp op, smaxv, umaxv, sminv, uminv, addv
	form EXACT, "\op b0, v1.16b"
	form EXACT, "\op h0, v1.8h"
	form EXACT, "\op s0, v1.4s"
	form EXACT, "\op h0, v1.4h"
.endr
.irp op, saddlv, uaddlv
	form EXACT, "\op h0, v1.16b"
	form EXACT, "\op s0, v1.8h"
	form EXACT, "\op d0, v1.4s"
.endr
	form EXACT, "addp d0, v1.2d"
.irp op, cmeq, cmge, cmgt, cmle, cmlt
	form EXACT, "\op v0.16b, v1.16b, #0"
	form EXACT, "\op v0.4s, v1.4s, #0"
	form EXACT, "\op d0, d1, #0"
.endr
.irp op, xtn, sqxtn, uqxtn, sqxtun
	form EXACT, "\op v0.8b, v1.8h"
	form EXACT, "\op v0.4h, v1.4s"
	form EXACT, "\op v0.2s, v1.2d"
	form EXACT, "\op\()2 v0.16b, v1.8h"
	form EXACT, "\op\()2 v0.4s, v1.2d"
.endr
.irp op, sqxtn, uqxtn, sqxtun
	form EXACT, "\op b0, h1"
	form EXACT, "\op s0, d1"
.endr
.irp op, sshr, ushr, srshr, urshr, ssra, usra, srsra, ursra, sri
	form EXACT, "\op v0.16b, v1.16b, #3"
	form EXACT, "\op v0.8h, v1.8h, #16"
	form EXACT, "\op v0.4s, v1.4s, #31"
	form EXACT, "\op v0.2d, v1.2d, #1"
	form EXACT, "\op d0, d1, #64"
.endr
.irp op, shl, sli, sqshl, uqshl, sqshlu
	form EXACT, "\op v0.16b, v1.16b, #7"
	form EXACT, "\op v0.8h, v1.8h, #1"
	form EXACT, "\op v0.4s, v1.4s, #13"
	form EXACT, "\op v0.2d, v1.2d, #63"
	form EXACT, "\op d0, d1, #5"
.endr
.irp op, shrn, rshrn, sqshrn, sqrshrn, uqshrn, uqrshrn, sqshrun, sqrshrun
	form EXACT, "\op v0.8b, v1.8h, #3"
	form EXACT, "\op v0.4h, v1.4s, #16"
	form EXACT, "\op\()2 v0.4s, v1.2d, #1"
.endr
.irp op, "sshll v0.8h, v1.8b, #3", "ushll v0.4s, v1.4h, #0", "sshll2 v0.2d, v1.4s, #31", "shll v0.4s, v1.4h, #16", "sqshrn s0, d1, #20", "sqrshrun b0, h1, #2"
	form EXACT, "\op"
.endr
.irp op, "ext v0.16b, v1.16b, v2.16b, #5", "ext v0.8b, v1.8b, v2.8b, #3", "tbl v0.16b, {v1.16b}, v2.16b", "tbl v0.16b, {v1.16b, v2.16b}, v3.16b", "tbx v0.16b, {v1.16b}, v2.16b", "tbx v0.8b, {v1.16b, v2.16b}, v3.8b", "dup v0.16b, w1", "dup v0.2d, x1", "dup v0.8h, v1.h[3]", "dup v0.4s, v1.s[2]", "dup d0, v1.d[1]", "dup b0, v1.b[7]", "ins v0.b[3], w1", "ins v0.d[1], x1", "ins v0.s[1], v1.s[3]", "umov w1, v0.b[5]", "umov x1, v0.d[1]", "smov x1, v0.h[3]", "smov w1, v0.b[9]", "smov x1, v0.s[1]", "movi v0.2d, #0xff00ff0000ffff00", "movi v0.4s, #0x12, msl #8", "mvni v0.8h, #0x34, lsl #8", "orr v0.4s, #0x56, lsl #16", "bic v0.8h, #0x78", "movi d0, #0xff00ff", "movi v0.16b, #0x9a"
	form EXACT, "\op"
.endr
	form EXACT, "movi v3.16b, #15; and v3.16b, v2.16b, v3.16b; tbl v0.16b, {v1.16b}, v3.16b"
	form EXACT, "movi v3.16b, #31; and v3.16b, v2.16b, v3.16b; tbl v0.8b, {v1.16b, v2.16b}, v3.8b"

/* --- floating point -------------------------------------------------------------------------------------- */
.irp op, fadd, fsub, fmul, fdiv, fmax, fmin, fmaxnm, fminnm, fnmul, fmulx, fabd
	form DOUBLES, "\op d0, d1, d2"
	form SINGLES, "\op s0, s1, s2"
.endr
.irp op, fadd, fsub, fmul, fdiv, fmax, fmin, fmaxnm, fminnm, fmulx, fabd, fmla, fmls, faddp, fmaxp, fminp, fmaxnmp, fminnmp, frecps, frsqrts
	form DOUBLES, "\op v0.2d, v1.2d, v2.2d"
	form SINGLES, "\op v0.4s, v1.4s, v2.4s"
	form SINGLES, "\op v0.2s, v1.2s, v2.2s"
.endr
.irp op, fmla, fmls, fmul, fmulx
	form DOUBLES, "\op v0.2d, v1.2d, v2.d[1]"
	form SINGLES, "\op v0.4s, v1.4s, v2.s[3]"
	form SINGLES, "\op v0.2s, v1.2s, v2.s[1]"
	form DOUBLES, "\op d0, d1, v2.d[1]"
	form SINGLES, "\op s0, s1, v2.s[2]"
.endr
.irp op, fmadd, fmsub, fnmadd, fnmsub
	form DOUBLES, "\op d0, d1, d2, d3"
	form SINGLES, "\op s0, s1, s2, s3"
.endr
.irp op, fabs, fneg, fsqrt, frintn, frintm, frintp, frintz, frinta, frintx, frinti
	form DOUBLES, "\op d0, d1"
	form SINGLES, "\op s0, s1"
	form DOUBLES, "\op v0.2d, v1.2d"
	form SINGLES, "\op v0.4s, v1.4s"
.endr
.irp op, fcvtns, fcvtnu, fcvtms, fcvtmu, fcvtps, fcvtpu, fcvtzs, fcvtzu, fcvtas, fcvtau
	form DOUBLES, "\op x1, d1"
	form DOUBLES, "\op w1, d1"
	form SINGLES, "\op x1, s1"
	form SINGLES, "\op w1, s1"
	form DOUBLES, "\op d0, d1"
	form DOUBLES, "\op v0.2d, v1.2d"
	form SINGLES, "\op v0.4s, v1.4s"
.endr
.irp op, fcvtzs, fcvtzu
	form DOUBLES, "\op x1, d1, #12"
	form SINGLES, "\op w1, s1, #5"
	form DOUBLES, "\op v0.2d, v1.2d, #9"
.endr
.irp op, scvtf, ucvtf
	form DOUBLES, "\op d0, x1"
	form DOUBLES, "\op d0, w1"
	form SINGLES, "\op s0, x1"
	form SINGLES, "\op s0, w1"
	form DOUBLES, "\op d0, d1"
	form DOUBLES, "\op v0.2d, v1.2d"
	form SINGLES, "\op v0.4s, v1.4s"
	form DOUBLES, "\op d0, x1, #16"
	form SINGLES, "\op v0.4s, v1.4s, #8"
.endr
.irp op, fcmeq, fcmge, fcmgt, facge, facgt
	form DOUBLES, "\op d0, d1, d2"
	form SINGLES, "\op s0, s1, s2"
	form DOUBLES, "\op v0.2d, v1.2d, v2.2d"
	form SINGLES, "\op v0.4s, v1.4s, v2.4s"
.endr
.irp op, fcmeq, fcmge, fcmgt, fcmle, fcmlt
	form DOUBLES, "\op d0, d1, #0.0"
	form SINGLES, "\op v0.4s, v1.4s, #0.0"
.endr
.irp op, "fcmp s0, s1", "fcmpe d0, #0.0", "fmov d0, #1.5", "fmov v0.4s, #-2.0", "fmov x1, d0", "fmov w1, s0", "fmov d0, x1", "fmov s0, w1", "fmov x1, v0.d[1]", "fmov v0.d[1], x1", "fmov d0, d1", "fcvt d0, s1", "fcvtl v0.2d, v1.2s", "fcvtl2 v0.2d, v1.4s", "fmaxv s0, v1.4s", "fminv s0, v1.4s", "fmaxnmv s0, v1.4s", "fminnmv s0, v1.4s", "faddp s0, v1.2s", "fmaxp s0, v1.2s", "fcvtl v0.4s, v1.4h"
	form SINGLES, "\op"
.endr
.irp op, "fcvt s0, d1", "fcvtn v0.2s, v1.2d", "fcvtn2 v0.4s, v1.2d", "fcvtxn v0.2s, v1.2d"
	form SINGLES, "\op"
.endr
.irp op, "fcvt h0, s1", "fcvt h0, d1", "fcvt s0, h1", "fcvt d0, h1", "fcvtn v0.4h, v1.4s"
	form EXACT, "fmov d1, #3.5; fsub d1, d2, d1; \op; fcmp d0, d0; b.vc 1f; movi v0.16b, #0; 1:; mov v1.16b, v0.16b; cmp x1, x1"
.endr
	form DOUBLES, "faddp d0, v1.2d"
	form DOUBLES, "fmaxnmp d0, v1.2d"
/* Towards each direction. */
.irp mode, 0x400000, 0x800000, 0xc00000
.irp op, fadd, fmul, fdiv
	form DOUBLES, "mov w8, #\mode; msr fpcr, x8; \op d0, d1, d2; msr fpcr, xzr"
	form SINGLES, "mov w8, #\mode; msr fpcr, x8; \op v0.4s, v1.4s, v2.4s; msr fpcr, xzr"
.endr
	form DOUBLES, "mov w8, #\mode; msr fpcr, x8; frintx d0, d1; fsqrt d1, d2; msr fpcr, xzr"
	form DOUBLES, "mov w8, #\mode; msr fpcr, x8; fmadd d0, d1, d2, d3; scvtf d1, x1; msr fpcr, xzr"
	form DOUBLES, "mov w8, #\mode; msr fpcr, x8; mrs x1, fpcr; fcvtns x2, d1; frintp d0, d1; msr fpcr, xzr"
	form SINGLES, "mov w8, #\mode; msr fpcr, x8; fcvt s0, d1; ucvtf s1, x1; msr fpcr, xzr"
.endr

	.section .data.rel.ro.forms
	.globl forms_end
forms_end:
