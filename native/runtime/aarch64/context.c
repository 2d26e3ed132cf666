/* SPDX-License-Identifier: 0BSD
 *
 * Registers of an interrupted thread: the kernel's struct ucontext, arch/arm64/include/uapi/asm/{ucontext,sigcontext}.h.
 */
#include "../common/runtime.h"

struct kernel_ucontext {
	uint64_t flags, link, stack[3];
	uint64_t mask;
	uint64_t unused[15];          /* "last for future expansion": 1024 bits in all */
	__attribute__((aligned(16))) uint64_t fault_address;
	uint64_t registers[31], sp, pc, pstate;
};

void hc_context_read(const void *ucontext, struct hc_context *context)
{
	const struct kernel_ucontext *kernel = ucontext;
	context->pc = kernel->pc;
	context->sp = kernel->sp;
	context->result = kernel->registers[0];
	context->mask = kernel->mask;
}

void hc_context_write(void *ucontext, const struct hc_context *context)
{
	struct kernel_ucontext *kernel = ucontext;
	kernel->pc = context->pc;
	kernel->registers[0] = context->result;
	kernel->mask = context->mask;
}
