/* SPDX-License-Identifier: 0BSD
 *
 * Signal handlers of a lifted program. The runtime calls handle() in place of them; it plays the kernel for the guest: its
 * own registers and stack for the handler, then the handler's code.
 *
 * Where the interrupted code keeps the guest's registers nobody knows: in machine registers, or half stored. So the struct
 * is put back as it was afterwards, and the handler gets a stack of its own.
 */
#include "lift.h"

#define HANDLER_STACK (256UL << 10)
#define LEVELS 64

/* By signal: what the guest asked for. */
static struct hc_sigaction actions[SIGNALS + 1];

static _Thread_local struct {
	uint64_t stacks[LEVELS]; /* low ends of the handlers' stacks, by depth; mapped when first needed */
	uint64_t depth;
} handling;

/* No function of the guest lies there: returning to it is returning to us. */
#define RETURN_ADDRESS 0x10

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

PORTABLE static void handle(int signal, void *info, void *context)
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
