/* SPDX-License-Identifier: 0BSD
 *
 * setjmp and longjmp of the portable convention. Arguments in X20 (data-stack pointer), X21 (buffer), X22, X23;
 * __hc_setjmp returns {value, data-stack pointer} in X0 and X1.
 */
#include "../common/thread.h"

	.macro load_self register
	adrp \register, __hc_self_offset
	ldr \register, [\register, :lo12:__hc_self_offset]
	mrs x9, tpidr_el0
	ldr \register, [x9, \register]
	.endm

	.macro load_generation word, register
	adrp \register, hc_control + HC_CONTROL_GENERATION
	ldr \word, [\register, :lo12:hc_control + HC_CONTROL_GENERATION]
	.endm

	.section .text.__hc_setjmp, "ax", %progbits
	.globl __hc_setjmp
	.type __hc_setjmp, %function
__hc_setjmp:
	load_self x2
	mov w3, #1
	str w3, [x2, #HC_THREAD_JUMPS]
	ldr w3, [x2, #HC_THREAD_IN_HANDLER]
	str x3, [x21, #HC_JUMP_IN_HANDLER]
	load_generation w3, x3
	str x3, [x21, #HC_JUMP_GENERATION]
	str x20, [x21, #HC_JUMP_DATA]
	str x22, [x21, #HC_JUMP_SITE]
	str x23, [x21, #HC_JUMP_FRAME]
	str x30, [x21, #HC_JUMP_PC]
	mov x3, sp
	str x3, [x21, #HC_JUMP_SP]
	mov x0, #0
	mov x1, x20
	ret
	.size __hc_setjmp, . - __hc_setjmp

	.section .text.__hc_longjmp, "ax", %progbits
	.globl __hc_longjmp
	.type __hc_longjmp, %function
__hc_longjmp:
	load_self x2
	ldr w3, [x2, #HC_THREAD_IN_HANDLER]
	ldr x4, [x21, #HC_JUMP_IN_HANDLER]
	cmp x3, x4
	b.ne 2f
	load_generation w3, x3
	ldr x4, [x21, #HC_JUMP_GENERATION]
	cmp x3, x4
	b.ne 2f
1:	ldr x1, [x21, #HC_JUMP_DATA]
	ldr x2, [x21, #HC_JUMP_SP]
	ldr x3, [x21, #HC_JUMP_PC]
	cmp w22, #0
	csinc w0, w22, wzr, ne		// longjmp(3): 0 becomes 1
	mov sp, x2
	br x3
2:	mov x0, x21
	bl __hc_prepare_jump
	b 1b
	.size __hc_longjmp, . - __hc_longjmp
	.section .note.GNU-stack, "", %progbits
