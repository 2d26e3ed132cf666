/* SPDX-License-Identifier: 0BSD
 *
 * __hc_park: portable (data-stack pointer in X20, returned in X0). Called on the cold path of every migration point:
 * nothing but SP lives across.
 */
#include "../common/thread.h"

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
	ldr x1, [x2, x1]
	ldr w2, [x1, #HC_THREAD_IN_HANDLER]
	cbnz w2, 1f
	mov x3, sp
	str x20, [x1, #HC_THREAD_DATA]
	str x3, [x1, #HC_THREAD_SP]
	str x30, [x1, #HC_THREAD_PC]
	ldr x3, [x1, #HC_THREAD_RESUME_SP]
	mov sp, x3
	b hc_resume
1:	ret
	.size __hc_park, . - __hc_park

/* A parked thread, and one rebuilt from images: SP = resume_sp and the thread pointer are all it has. */
	.section .text.hc_resume, "ax", %progbits
	.globl hc_resume
	.type hc_resume, %function
hc_resume:
	mov x29, #0
	mov x30, #0
	bl __hc_wait_parked
	mov x1, x0
	ldr x0, [x1, #HC_THREAD_DATA]
	ldr x2, [x1, #HC_THREAD_SP]
	ldr x3, [x1, #HC_THREAD_PC]
	mov sp, x2
	br x3
	.size hc_resume, . - hc_resume
	.section .note.GNU-stack, "", %progbits
