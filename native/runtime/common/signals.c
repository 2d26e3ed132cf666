/* SPDX-License-Identifier: 0BSD
 *
 * Signal actions, masks and alternate stacks as the program sees them. Every handler of the program is entered through
 * hc_signal_entry, on a native alternate stack of the thread (deliver.c). HC_SIGNAL belongs to the runtime: the program
 * neither sees nor blocks it. It is blocked exactly while handlers of the program run, so that one sent then is taken when
 * the thread is back where it can park.
 */
#include "runtime.h"

#define HC_BIT SIGNAL_BIT(HC_SIGNAL)

static struct hc_sigaction actions[SIGNALS + 1]; /* what the program asked for */

NATIVE uint64_t hc_deliverable(uint64_t mask)
{
	return __hc_self->public.in_handler ? mask | HC_BIT : mask & ~HC_BIT;
}

NATIVE static long set_kernel_mask(long how, uint64_t mask, uint64_t *old)
{
	return hc_kernel_call(SYS_rt_sigprocmask, how, (long)&mask, (long)old, 8, 0, 0);
}

NATIVE uint64_t hc_block_signals(void)
{
	uint64_t old = 0;
	set_kernel_mask(SIG_SETMASK, ~(HC_BIT | SIGNAL_BIT(SIGSYNCCALL)), &old);
	return old;
}

NATIVE void hc_restore_signals(uint64_t mask)
{
	set_kernel_mask(SIG_SETMASK, mask, 0);
}

NATIVE struct hc_sigaction hc_action(int signal)
{
	return actions[signal];
}

NATIVE static long set_kernel_action(long signal, const struct hc_sigaction *action, struct hc_sigaction *old)
{
	return hc_kernel_call(SYS_rt_sigaction, signal, (long)action, (long)old, 8, 0, 0);
}

NATIVE void hc_start_thread_signals(struct hc_thread_block *self)
{
	const struct hc_stack stack = {.sp = self->signal_native, .size = self->signal_native_size};
	hc_kernel_call(SYS_sigaltstack, (long)&stack, 0, 0, 0, 0, 0);
}

/* HC_SIGNAL may have been inherited blocked from a handler's exec. */
NATIVE void hc_start_signals(void)
{
	/* SA_RESTART: a call that the stub did not make, like a wait for a lock, goes on. */
	const struct hc_sigaction action = {
		.handler = (uint64_t)hc_signal_entry,
		.flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART | SA_RESTORER,
		.restorer = (uint64_t)hc_signal_return,
		.mask = ~0UL,
	};
	set_kernel_action(HC_SIGNAL, &action, 0);
	set_kernel_mask(SIG_UNBLOCK, HC_BIT, 0);
}

NATIVE long hc_rt_sigaction(long signal, long new_address, long old_address, long size)
{
	const struct hc_sigaction *new = (void *)new_address;
	struct hc_sigaction *old = (void *)old_address;
	if (size != 8 || signal < 1 || signal > SIGNALS || signal == HC_SIGNAL) return -EINVAL;

	struct hc_sigaction before = actions[signal], was = {0}, kernel;
	if (new) {
		kernel = *new;
		if (new->handler != SIG_DFL && new->handler != SIG_IGN) {
			/* First, as the signal may come at once. */
			actions[signal] = *new;
			kernel.handler = (uint64_t)hc_signal_entry;
			kernel.flags |= SA_SIGINFO | SA_ONSTACK | SA_RESTORER;
			kernel.restorer = (uint64_t)hc_signal_return;
			kernel.mask |= HC_BIT;
		} else {
			/* Not entered, so there is nothing to return from. */
			kernel.flags &= ~SA_RESTORER;
		}
	}
	long result = set_kernel_action(signal, new ? &kernel : 0, &was);
	if (result) {
		actions[signal] = before;
		return result;
	}
	if (old) {
		/* SA_RESETHAND has the kernel forget a handler: it knows best. */
		*old = was.handler == (uint64_t)hc_signal_entry ? before : was;
		old->flags &= ~SA_RESTORER;
		old->mask &= ~HC_BIT;
	}
	return 0;
}

NATIVE long hc_rt_sigprocmask(long how, long new_address, long old_address, long size)
{
	uint64_t *old = (void *)old_address;
	uint64_t mask = 0, was = 0;
	if (size != 8) return -EINVAL;
	if (new_address) {
		mask = *(uint64_t *)new_address;
		mask = how == SIG_SETMASK ? hc_deliverable(mask) : mask & ~HC_BIT;
	}
	long result = hc_kernel_call(SYS_rt_sigprocmask, how, new_address ? (long)&mask : 0, (long)&was, 8, 0, 0);
	if (!result && old) *old = was & ~HC_BIT;
	return result;
}

/* The program's alternate stack holds the data of its handlers; the kernel's is ours. */
NATIVE long hc_sigaltstack(long new_address, long old_address)
{
	struct hc_thread_block *self = __hc_self;
	struct hc_stack *old = (void *)old_address;
	if (old) {
		*old = (struct hc_stack){
			.sp = self->alternate_stack,
			.flags = (uint32_t)self->alternate_flags | (self->alternate_depth ? SS_ONSTACK : 0),
			.size = self->alternate_size,
		};
	}
	if (!new_address) return 0;
	struct hc_stack new = *(struct hc_stack *)new_address;
	if (self->alternate_depth) return -EPERM;
	if (new.flags & ~(SS_DISABLE | SS_ONSTACK | SS_AUTODISARM)) return -EINVAL;
	if (!(new.flags & SS_DISABLE) && new.size < MINSIGSTKSZ) return -ENOMEM;
	self->alternate_flags = new.flags & ~(uint32_t)SS_ONSTACK;
	self->alternate_stack = new.flags & SS_DISABLE ? 0 : new.sp;
	self->alternate_size = new.flags & SS_DISABLE ? 0 : new.size;
	return 0;
}
