/* SPDX-License-Identifier: 0BSD
 *
 * __hc_park of the scribbling runtime (debug.c): see aarch64/park.S for the real one.
 */
#include "../../common/thread.h"

	.section .text.__hc_park, "ax", %progbits
	.globl __hc_park
	.type __hc_park, %function
__hc_park:
	mov x0, x20
	adrp x1, hc_control + HC_CONTROL_REQUEST
	ldr w1, [x1, :lo12:hc_control + HC_CONTROL_REQUEST]
	cbz w1, 1f
	adrp x1, __hc_self_offset
	ldr x1, [x1, :lo12:__hc_self_offset]
	mrs x2, tpidr_el0
	ldr x19, [x2, x1]
	ldr w2, [x19, #HC_THREAD_IN_HANDLER]
	cbnz w2, 1f
	mov x3, sp
	str x20, [x19, #HC_THREAD_DATA]
	str x3, [x19, #HC_THREAD_SP]
	str x30, [x19, #HC_THREAD_PC]
	ldr x3, [x19, #HC_THREAD_RESUME_SP]
	mov sp, x3
	mov x0, x19
	bl hc_scribble
	ldr x3, [x19, #HC_THREAD_SP]
	mov sp, x3
	ldr x30, [x19, #HC_THREAD_PC]
	mov w1, w0
	ldr x0, [x19, #HC_THREAD_DATA]
	cbz w1, 1f
	mov x1, #0xdead
	movk x1, #0xbeef, lsl #48
	.irp number, 2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29
	mov x\number, x1
	.endr
	.irp number, 0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30,31
	dup v\number\().2d, x1
	.endr
1:	ret
	.size __hc_park, . - __hc_park

	.section .text.hc_resume, "ax", %progbits
	.globl hc_resume
hc_resume:
	brk #1
	.section .note.GNU-stack, "", %progbits
