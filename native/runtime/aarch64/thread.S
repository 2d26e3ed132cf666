/* SPDX-License-Identifier: 0BSD
 *
 * New threads, and a thread that begins anew. The outermost frame returns to __hc_entry_return (start.S), as the first
 * thread's does.
 */
#include "../common/thread.h"

/* long hc_clone_thread(flags, block, parent_tid, child_tid): clone(flags, stack, parent_tid, tls, child_tid) */
	.section .text.hc_clone_thread, "ax", %progbits
	.globl hc_clone_thread
	.type hc_clone_thread, %function
hc_clone_thread:
	mov x9, x1
	mov x4, x3
	ldr x1, [x9, #HC_THREAD_NATIVE_HIGH]
	ldr x3, [x9, #HC_THREAD_TP]
	mov x8, #220
	svc #0
	cbz x0, 1f
	ret
1:	mov x29, #0
	mov x30, #0
	mov x0, x9
	bl __hc_begin_thread
	brk #1
	.size hc_clone_thread, . - hc_clone_thread

/* void hc_start_over(block, function, argument, data) */
	.section .text.hc_start_over, "ax", %progbits
	.globl hc_start_over
	.type hc_start_over, %function
hc_start_over:
	ldr x9, [x0, #HC_THREAD_NATIVE_HIGH]
	mov sp, x9
	mov x29, #0
	adrp x30, __hc_entry_return
	add x30, x30, :lo12:__hc_entry_return
	mov x20, x3
	mov x21, x2
	br x1
	.size hc_start_over, . - hc_start_over
	.section .note.GNU-stack, "", %progbits
