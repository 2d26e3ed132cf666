/* SPDX-License-Identifier: 0BSD
 *
 * Entry point. C start-up runs on the kernel's stack and returns {thread, argument image}.
 */
#include "../common/thread.h"

	.section .text.hc_start, "ax", %progbits
	.globl _start
	.type _start, %function
_start:
	mov x29, #0
	mov x30, #0
	mov x0, sp
	bl __hc_start
	ldr x2, [x0, #HC_THREAD_NATIVE_HIGH]
	mov sp, x2
	ldr x20, [x0, #HC_THREAD_DATA_LOW]
	mov x21, x1
	bl __hc_main
	.globl __hc_entry_return
__hc_entry_return:
	bl __hc_end_thread
	brk #1
	.size _start, . - _start
	.section .note.GNU-stack, "", %progbits
