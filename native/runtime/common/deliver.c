/* SPDX-License-Identifier: 0BSD
 *
 * A signal has come: hc_signal_entry (per ISA) runs on the thread's native alternate stack and calls __hc_deliver. The
 * portable state of a handler lies on a data stack of its own, because where the interrupted function's data ends is in
 * some register, or in none. Handlers never park: in_handler makes every poll return at once.
 */
#include "runtime.h"

/* Takes a thread out of the interruptible stub, wherever in it it stands: before the call, at the call that SA_RESTART
 * would repeat, or just behind one that failed with EINTR. Only the last needs the result: other results are kept. */
NATIVE static void leave_stub(void *ucontext)
{
	struct hc_context context;
	hc_context_read(ucontext, &context);
	uint64_t begin = (uint64_t)hc_interruptible_begin, end = (uint64_t)hc_interruptible_end;
	int pending = context.pc >= begin && context.pc < end;
	int broken = context.pc == end && context.result == (uint64_t)-EINTR;
	if (!pending && !broken) return;
	context.pc = (uint64_t)hc_interruptible_restart;
	hc_context_write(ucontext, &context);
}

/* musl's own signals: the call that one interrupts is made again, also where a handler of the program would break it. */
NATIVE static int internal(int signal)
{
	return signal == SIGCANCEL || signal == SIGSYNCCALL;
}

NATIVE static void run_handler(struct hc_thread_block *self, int signal, void *info, void *ucontext)
{
	struct hc_sigaction action = hc_action(signal);
	uint32_t interrupted = self->interrupted;
	/* Only one that changes something for all threads comes then (park.c): who sends it waits until all are through. */
	int parked = self->public.state == HC_THREAD_PARKED;
	if (parked) hc_take_back_parked(self);
	uint32_t depth = ++self->public.in_handler;
	uint64_t data = hc_handler_stack(self, action.flags);
	if (!data) __builtin_trap();

	struct hc_context context;
	hc_context_read(ucontext, &context);
	struct hc_ucontext *canonical = (void *)data;
	*canonical = (struct hc_ucontext){0};
	canonical->stack = (struct hc_stack){.sp = self->alternate_stack, .flags = (uint32_t)self->alternate_flags, .size = self->alternate_size};
	canonical->gregs[HC_GREG_RSP] = context.sp;
	canonical->gregs[HC_GREG_RIP] = context.pc;
	canonical->mask[0] = context.mask & ~SIGNAL_BIT(HC_SIGNAL);
	data = ROUND_UP(data + sizeof *canonical, 16);

	__hc_call_portable(action.handler, data, signal, (long)info, (long)canonical);

	self->public.in_handler = depth - 1;
	if (self->alternate_depth == depth) self->alternate_depth = 0;
	if (parked) hc_announce_parked(self);
	self->interrupted = interrupted;
	if (!internal(signal)) self->interrupted |= action.flags & SA_RESTART ? HC_HANDLER_RESTARTS : HC_HANDLER_BREAKS;
	context.mask = (canonical->mask[0] & ~SIGNAL_BIT(HC_SIGNAL)) | (context.mask & SIGNAL_BIT(HC_SIGNAL));
	hc_context_write(ucontext, &context);
	if (self->kicked || internal(signal)) leave_stub(ucontext);
}

ENTRY NATIVE void __hc_deliver(int signal, void *info, void *ucontext)
{
	struct hc_thread_block *self = __hc_self;
	if (signal == HC_SIGNAL) leave_stub(ucontext);
	else run_handler(self, signal, info, ucontext);
}

/* Cancellation (musl/cancel.c) calls this in a handler, so that run_handler sees to the calls that it interrupted. */
NATIVE void __hc_kick(void)
{
	__hc_self->kicked = 1;
}

/* longjmp from a handler to a frame outside of it. */
NATIVE void hc_leave_handlers(struct hc_thread_block *self, uint32_t depth)
{
	self->public.in_handler = depth;
	self->public.in_syscall = 0;
	if (self->alternate_depth > depth) self->alternate_depth = 0;
	if (!depth) {
		const uint64_t mask = SIGNAL_BIT(HC_SIGNAL);
		hc_kernel_call(SYS_rt_sigprocmask, SIG_UNBLOCK, (long)&mask, 0, 8, 0, 0);
	}
}
