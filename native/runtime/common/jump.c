/* SPDX-License-Identifier: 0BSD
 *
 * setjmp and longjmp. hc-codegen turns calls of setjmp and its kin into __hc_setjmp (per ISA); this is what is left for C.
 * Words of a jmp_buf: thread.h; then musl's __fl and __ss, the signal mask of sigsetjmp.
 */
#include "runtime.h"

struct jump_buffer {
	uint64_t words[8];
	uint64_t has_mask;
	uint64_t mask[16];
};

/* Called by __hc_longjmp when the buffer is of another generation or of another handler's depth. */
ENTRY NATIVE void __hc_prepare_jump(struct jump_buffer *buffer)
{
	struct hc_thread_block *self = __hc_self;
	uint64_t *generation = &buffer->words[HC_JUMP_GENERATION / 8];
	if (*generation != hc_control.generation) {
		uint64_t sp = hc_recorded_sp(self, buffer->words[HC_JUMP_FRAME / 8]);
		const struct hc_site *site = hc_site_with_id((uint32_t)buffer->words[HC_JUMP_SITE / 8]);
		if (!sp || !site) __builtin_trap(); /* its function has returned: undefined in C, too */
		buffer->words[HC_JUMP_SP / 8] = sp;
		buffer->words[HC_JUMP_PC / 8] = site->address;
		*generation = hc_control.generation;
	}
	uint32_t depth = (uint32_t)buffer->words[HC_JUMP_IN_HANDLER / 8];
	if (depth < self->public.in_handler) hc_leave_handlers(self, depth);
}

NATIVE void __hc_save_mask(void *buffer, int save)
{
	struct jump_buffer *b = buffer;
	b->has_mask = save != 0;
	if (save) hc_rt_sigprocmask(SIG_SETMASK, 0, (long)b->mask, 8);
}

PORTABLE _Noreturn void longjmp(void *buffer, int value)
{
	__hc_longjmp(buffer, value);
}

PORTABLE _Noreturn void _longjmp(void *buffer, int value)
{
	__hc_longjmp(buffer, value);
}

PORTABLE _Noreturn void siglongjmp(void *buffer, int value)
{
	struct jump_buffer *b = buffer;
	if (b->has_mask) hc_rt_sigprocmask(SIG_SETMASK, (long)b->mask, 0, 8);
	__hc_longjmp(buffer, value);
}
