/* SPDX-License-Identifier: 0BSD
 *
 * Signal handlers of a lifted program. The runtime calls handle() in place of them; it plays the kernel for the guest: its
 * own registers and stack for the handler, then the handler's code.
 *
 * Where the interrupted code keeps the guest's registers nobody knows: in machine registers, or half stored. So the struct
 * is put back as it was afterwards, and the handler gets a stack of its own. Its ucontext tells the signal mask, and nothing of
 * the registers, with one exception.
 *
 * The exception is musl's cancellation of threads. Its handler has to know whether the thread stands before or in a call that
 * is a cancellation point; if so it lets the thread go on elsewhere. If not, it sends the signal again and leaves it blocked: the
 * thread finds its state itself when it comes to such a call. Here the handler always runs as if not, and once more where the
 * program counter is known: before the next call that may wait.
 */
#include "lift.h"

#define HANDLER_STACK (256UL << 10)
#define LEVELS 64

/* By signal: what the guest asked for. */
static struct hc_sigaction actions[SIGNALS + 1];

static _Thread_local struct {
	uint64_t stacks[LEVELS]; /* low ends of the handlers' stacks, by depth; mapped when first needed */
	uint64_t depth;
	uint32_t asked; /* musl's cancellation has to be asked again */
	uint32_t left;  /* the call that may wait was left for that, and not made */
} handling;

/* Returning to it is returning to us; to unwinders, the end of the stack. */
#define RETURN_ADDRESS 0

NATIVE static uint64_t handler_stack(uint64_t depth)
{
	uint64_t *stack = &handling.stacks[depth];
	if (depth >= LEVELS) __builtin_trap();
	if (!*stack) {
		const long mapped = hc_mmap(0, HANDLER_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (mapped < 0 && mapped > -4096) __builtin_trap();
		*stack = (uint64_t)mapped;
	}
	return *stack + HANDLER_STACK;
}

struct range {
	uint64_t low, high;
};

/* The program's alternate stack, when it wants to be there and is not yet. */
NATIVE static struct range stack_for(const struct hc_sigaction *action)
{
	struct hc_stack alternate = {0};
	__hc_syscall(SYS_sigaltstack, 0, (long)&alternate, 0, 0, 0, 0);
	if ((action->flags & SA_ONSTACK) && !(alternate.flags & SS_DISABLE) && alternate.size)
		return (struct range){alternate.sp, (alternate.sp + alternate.size) & ~15UL};
	const uint64_t high = handler_stack(handling.depth);
	return (struct range){high - HANDLER_STACK, high};
}

NATIVE static struct range enter(int signal, void *info, void *context)
{
	const struct range stack = stack_for(&actions[signal]);
	handling.depth++;
	hc_guest_enter_handler(stack.high, RETURN_ADDRESS, (uint64_t)signal, (uint64_t)info, (uint64_t)context);
	return stack;
}

NATIVE void hc_guest_free_handler_stacks(void)
{
	for (uint64_t depth = 0; depth < LEVELS; depth++)
		if (handling.stacks[depth]) hc_munmap((long)handling.stacks[depth], HANDLER_STACK);
}

PORTABLE static void call_handler(int signal, void *info, void *context)
{
	const struct guest interrupted = hc_guest;
	const uint64_t depth = handling.depth;
	uint64_t next = actions[signal].handler;
	const struct range stack = enter(signal, info, context);
	/* More than once when a function that it called has come back another way: it goes on in its own frames. */
	do next = hc_guest_find(next)(next);
	while (next != RETURN_ADDRESS && hc_guest_stack() - stack.low < stack.high - stack.low);
	handling.depth = depth;
	/* It jumped out (siglongjmp): what was interrupted is given up, and with it all frames of ours. */
	if (next != RETURN_ADDRESS) hc_guest_restart(next);
	hc_guest = interrupted;
}

/* A thread that may be cancelled anywhere goes on where its handler said, and never comes back. What lies on its stack is
 * still of use; where that ends is not known. */
PORTABLE static _Noreturn void abandon(const struct hc_ucontext *context)
{
	hc_guest_leave_stack(handler_stack(handling.depth++));
	hc_rt_sigprocmask(SIG_SETMASK, (long)context->mask, 0, 8);
	hc_guest_restart(context->gregs[HC_GREG_RIP]);
}

PORTABLE static void handle(int signal, void *info, void *address)
{
	struct hc_ucontext *context = address;
	const uint64_t interrupted = context->gregs[HC_GREG_RIP];
	call_handler(signal, info, context);
	if (signal != SIGCANCEL || !(context->mask[0] & SIGNAL_BIT(SIGCANCEL))) return;
	if (context->gregs[HC_GREG_RIP] != interrupted) abandon(context);
	handling.asked = 1;
	__hc_kick();
}

/* --- calls that may wait ---------------------------------------------------------------------------------- */

/* May the call be left, as one would that is cancelled? blocking.c asks once after a kick. */
NATIVE int __hc_cancelled(void)
{
	return (int)(handling.left = handling.asked);
}

struct signal_info {
	int32_t number, error, code;
	int32_t rest[29];
};

/* The handler is asked with the registers that the call is made with. */
PORTABLE static void ask_again(uint64_t next)
{
	const uint64_t call = next - hc_guest_call_size;
	struct signal_info info = {.number = SIGCANCEL};
	struct hc_ucontext context = {0};
	uint64_t blocked = actions[SIGCANCEL].mask | SIGNAL_BIT(SIGCANCEL), mask = 0;
	handling.asked = 0;
	hc_rt_sigprocmask(SIG_BLOCK, (long)&blocked, (long)&mask, 8);
	context.mask[0] = mask & ~SIGNAL_BIT(SIGCANCEL);
	context.gregs[HC_GREG_RIP] = call;
	context.gregs[HC_GREG_RSP] = hc_guest_stack();
	call_handler(SIGCANCEL, &info, &context);
	if (context.mask[0] & SIGNAL_BIT(SIGCANCEL)) handling.asked = context.gregs[HC_GREG_RIP] == call;
	hc_rt_sigprocmask(SIG_SETMASK, (long)context.mask, 0, 8);
	/* In musl's function for such calls, all registers are in hc_guest: what makes calls by numbers that it is given may make clone, too. */
	if (context.gregs[HC_GREG_RIP] != call) hc_guest_restart(context.gregs[HC_GREG_RIP]);
}

PORTABLE long hc_guest_wait(long n, const long a[6], uint64_t next)
{
	for (;;) {
		if (handling.asked) ask_again(next);
		handling.left = 0;
		const long result = __hc_syscall_cancel(n, a[0], a[1], a[2], a[3], a[4], a[5]);
		if (!handling.left) return result;
	}
}

/* As rt_sigaction(2). The runtime's own data stack stays out of the guest's alternate stack: no SA_ONSTACK for it. */
NATIVE long hc_guest_signal_action(long signal, long new_address, long old_address, long size)
{
	if (signal < 1 || signal > SIGNALS) return -EINVAL;
	const struct hc_sigaction *new = (void *)new_address;
	struct hc_sigaction *old = (void *)old_address;
	struct hc_sigaction before = actions[signal], wanted, was;
	if (new) {
		wanted = *new;
		if (new->handler > SIG_IGN) {
			actions[signal] = *new; /* first, as the signal may come at once */
			wanted.handler = (uint64_t)handle;
			wanted.flags &= ~SA_ONSTACK;
		}
	}
	const long result = __hc_syscall(SYS_rt_sigaction, signal, new ? (long)&wanted : 0, (long)&was, size, 0, 0);
	if (result) {
		actions[signal] = before;
		return result;
	}
	if (old) *old = was.handler == (uint64_t)handle ? before : was;
	return 0;
}
