/* SPDX-License-Identifier: 0BSD
 *
 * Registers of an interrupted thread: the kernel's struct ucontext, arch/x86/include/uapi/asm/{ucontext,sigcontext}.h.
 */
#include "../common/runtime.h"

enum { RAX = 13, RSP = 15, RIP = 16 };

struct kernel_ucontext {
	uint64_t flags, link, stack[3];
	uint64_t registers[23];
	uint64_t fpstate, reserved[8];
	uint64_t mask;
};

void hc_context_read(const void *ucontext, struct hc_context *context)
{
	const struct kernel_ucontext *kernel = ucontext;
	context->pc = kernel->registers[RIP];
	context->sp = kernel->registers[RSP];
	context->result = kernel->registers[RAX];
	context->mask = kernel->mask;
}

void hc_context_write(void *ucontext, const struct hc_context *context)
{
	struct kernel_ucontext *kernel = ucontext;
	kernel->registers[RIP] = context->pc;
	kernel->registers[RAX] = context->result;
	kernel->mask = context->mask;
}
