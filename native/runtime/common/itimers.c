/* SPDX-License-Identifier: 0BSD
 *
 * setitimer(2): the runtime keeps a parked program's interval timers, as CRIU restores only those that repeat. What is left
 * of ITIMER_REAL is a deadline on the program's own monotonic clock, which goes on where it was (clock.c).
 */
#include "runtime.h"

enum { REAL, VIRTUAL, PROF, TIMERS };

static struct hc_itimer kept[TIMERS];
static int64_t deadline; /* of ITIMER_REAL, ns */
static uint32_t lock;    /* for all in this file */
static uint32_t holding; /* the kernel has none: they are in `kept` */
static uint32_t idle;    /* none is set; not known at the start, as execve(2) keeps them */

NATIVE static void enter(void)
{
	while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE)) hc_kernel_call(SYS_sched_yield, 0, 0, 0, 0, 0, 0);
}

NATIVE static void leave(void)
{
	__atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
}

NATIVE static int64_t now(void)
{
	struct hc_timespec t = {0};
	hc_clock_gettime(CLOCK_MONOTONIC, &t);
	return t.seconds * NANOSECONDS + t.nanoseconds;
}

NATIVE static int runs(const struct hc_itimer *timer)
{
	return timer->value.seconds || timer->value.microseconds;
}

/* Every thread that parks comes here: one that set a timer after the others had parked will park, too. */
NATIVE void hc_hold_itimers(void)
{
	if (idle) return;
	enter();
	if (!holding) {
		const struct hc_itimer none = {0};
		int any = 0;
		for (int which = 0; which < TIMERS; which++) {
			kept[which] = none;
			hc_kernel_call(SYS_setitimer, which, (long)&none, (long)&kept[which], 0, 0, 0);
			any |= runs(&kept[which]);
		}
		deadline = now() + kept[REAL].value.seconds * NANOSECONDS + kept[REAL].value.microseconds * 1000;
		holding = any;
		idle = !any;
	}
	leave();
}

NATIVE static void give(void)
{
	if (!holding) return;
	int64_t left = deadline - now();
	if (left < 1000) left = 1000; /* over while parked; 0 would not ring at all */
	if (runs(&kept[REAL])) kept[REAL].value = (struct hc_timeval){left / NANOSECONDS, left % NANOSECONDS / 1000};
	for (int which = 0; which < TIMERS; which++)
		if (runs(&kept[which])) hc_kernel_call(SYS_setitimer, which, (long)&kept[which], 0, 0, 0, 0);
	holding = 0;
}

NATIVE void hc_give_itimers(void)
{
	if (idle) return;
	enter();
	give();
	leave();
}

/* getitimer(2), setitimer(2), alarm(2) while other threads may be parked already. No handler may come in between: it could
 * call the same. */
NATIVE long hc_with_itimers(long n, long a, long b, long c)
{
	uint64_t mask = hc_block_signals();
	enter();
	give();
	idle = 0;
	long result = hc_kernel_call(n, a, b, c, 0, 0, 0);
	leave();
	hc_restore_signals(mask);
	return result;
}

/* fork(2): a child has none of its parent's timers. */
NATIVE void hc_forget_itimers(void)
{
	lock = holding = 0;
	idle = 1;
}
