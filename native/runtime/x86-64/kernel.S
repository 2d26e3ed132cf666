/* SPDX-License-Identifier: 0BSD
 *
 * Calls of the kernel and of the vDSO.
 */
	.macro function name
	.section .text.\name, "ax", @progbits
	.globl \name
	.type \name, @function
\name:
	.endm

/* long hc_kernel_call(long n, long a, long b, long c, long d, long e, long f) */
	function hc_kernel_call
	mov %rdi, %rax
	mov %rsi, %rdi
	mov %rdx, %rsi
	mov %rcx, %rdx
	mov %r8, %r10
	mov %r9, %r8
	mov 8(%rsp), %r9
	syscall
	ret

/* long hc_vdso_call(function, long a, long b) */
	function hc_vdso_call
	mov %rdi, %rax
	mov %rsi, %rdi
	mov %rdx, %rsi
	jmp *%rax

/* void hc_set_thread_pointer(tp): arch_prctl(ARCH_SET_FS, tp) */
	function hc_set_thread_pointer
	mov %rdi, %rsi
	mov $0x1002, %edi
	mov $158, %eax
	syscall
	ret

/* uint32_t hc_isa(void): HC_ISA_X86_64 */
	function hc_isa
	mov $62, %eax
	ret

/* The kernel enters handlers here: (signal, siginfo, ucontext), return address = hc_signal_return on the stack. */
	function hc_signal_entry
	cld
	jmp __hc_deliver

/* SA_RESTORER: rt_sigreturn */
	function hc_signal_return
	mov $15, %eax
	syscall
	.section .note.GNU-stack, "", @progbits
