/* SPDX-License-Identifier: 0BSD
 *
 * Cancellation of threads: pthreads(7), "Cancellation points". A signal takes the thread out of a call that blocks
 * (hc_interruptible), or keeps it from entering one; __syscall_cp then cancels it.
 */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>

#include "pthread_impl.h"
#include "thread-start.h"

int __hc_cancelled(void)
{
	pthread_t self = __pthread_self();
	return self->cancel && self->canceldisable != PTHREAD_CANCEL_DISABLE;
}

long __cancel(void)
{
	pthread_t self = __pthread_self();
	if (self->canceldisable == PTHREAD_CANCEL_ENABLE || self->cancelasync) pthread_exit(PTHREAD_CANCELED);
	self->canceldisable = PTHREAD_CANCEL_DISABLE; /* masked: told once */
	return -ECANCELED;
}

void __testcancel(void)
{
	pthread_t self = __pthread_self();
	if (self->cancel && self->canceldisable == PTHREAD_CANCEL_ENABLE) __cancel();
}

static int exit_cancelled(void *unused)
{
	pthread_exit(PTHREAD_CANCELED);
}

static void on_cancel(int signal, siginfo_t *info, void *context)
{
	pthread_t self = __pthread_self();
	if (!__hc_cancelled()) return;
	if (!self->cancelasync) {
		__hc_kick();
		return;
	}
	sigset_t *mask = &((ucontext_t *)context)->uc_sigmask;
	__hc_abandon((uintptr_t)exit_cancelled, 0, mask->__bits[0] | 1UL << (SIGCANCEL - 1));
}

int pthread_cancel(pthread_t thread)
{
	static volatile int ready;
	if (!ready) {
		struct sigaction action = {.sa_flags = SA_SIGINFO | SA_RESTART, .sa_sigaction = on_cancel};
		memset(&action.sa_mask, -1, sizeof action.sa_mask);
		__libc_sigaction(SIGCANCEL, &action, 0);
		ready = 1;
	}
	a_store(&thread->cancel, 1);
	if (thread != __pthread_self()) return pthread_kill(thread, SIGCANCEL);
	if (thread->canceldisable == PTHREAD_CANCEL_ENABLE && thread->cancelasync) pthread_exit(PTHREAD_CANCELED);
	return 0;
}
