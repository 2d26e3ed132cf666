/* SPDX-License-Identifier: 0BSD
 *
 * System calls that may block. Each is a migration point: a thread that is asked to park leaves the call (deliver.c),
 * parks, and makes it again with what is left of its time-out. Time spent parked does not count.
 */
#include "runtime.h"
#include "timeout.h"

/* Lies in a portable frame: the kernel's pointers into it stay good over a move. */
struct wait {
	long number;
	long arguments[6];
	struct hc_timeout_rule rule;
	int cancellable;
	int64_t left;   /* ns; or the deadline, by the program's clock */
	int64_t begun;  /* CLOCK_MONOTONIC, ns */
	long given;     /* the program's time-out argument */
	union {
		struct hc_timespec timespec;
		struct hc_timeval timeval;
	} timeout;      /* our copy of it */
	uint64_t mask;
	struct {
		uint64_t mask, size;
	} pselect_mask;
};

NATIVE static int64_t now(long clock)
{
	struct hc_timespec t = {0};
	hc_clock_gettime(clock, &t);
	return hc_timespec_to_ns(t);
}

/* A mask that holds during the call must leave HC_SIGNAL open. */
NATIVE static void replace_mask(struct wait *wait, int argument)
{
	const uint64_t *mask = (void *)wait->arguments[argument];
	if (!mask) return;
	wait->mask = hc_deliverable(*mask);
	wait->arguments[argument] = (long)&wait->mask;
}

NATIVE static void replace_masks(struct wait *wait)
{
	switch (wait->number) {
	case SYS_rt_sigsuspend: replace_mask(wait, 0); break;
	case SYS_ppoll: replace_mask(wait, 3); break;
	case SYS_epoll_pwait:
	case SYS_epoll_pwait2: replace_mask(wait, 4); break;
	case SYS_rt_sigtimedwait: /* waits for these: not for ours */
		if (!wait->arguments[0]) break;
		wait->mask = *(uint64_t *)wait->arguments[0] & ~SIGNAL_BIT(HC_SIGNAL);
		wait->arguments[0] = (long)&wait->mask;
		break;
	case SYS_pselect6: { /* pselect(2): pointer and size in a struct */
		const uint64_t *pair = (void *)wait->arguments[5];
		if (!pair || !pair[0]) break;
		wait->mask = hc_deliverable(*(uint64_t *)pair[0]);
		wait->pselect_mask.mask = (uint64_t)&wait->mask;
		wait->pselect_mask.size = pair[1];
		wait->arguments[5] = (long)&wait->pselect_mask;
		break;
	}
	}
}

NATIVE static void set_timeout(struct wait *wait, int64_t ns)
{
	long *argument = &wait->arguments[wait->rule.argument];
	switch (wait->rule.kind) {
	case HC_TIMEOUT_MILLISECONDS:
		*argument = hc_ns_to_milliseconds(ns);
		return;
	case HC_TIMEOUT_TIMEVAL:
		wait->timeout.timeval = (struct hc_timeval){ns / NANOSECONDS, ns % NANOSECONDS / 1000};
		break;
	default:
		wait->timeout.timespec = hc_ns_to_timespec(ns);
		break;
	}
	*argument = (long)&wait->timeout;
}

/* The kernel's clock may be another than the program's. */
NATIVE static void set_deadline(struct wait *wait)
{
	long clock = wait->number == SYS_clock_nanosleep ? wait->arguments[0] : CLOCK_MONOTONIC;
	int64_t ns = wait->left - hc_clock_offset(clock);
	if (wait->left != INT64_MAX) set_timeout(wait, ns < 0 ? 0 : ns);
}

NATIVE static void begin_timeout(struct wait *wait)
{
	wait->rule = hc_timeout_rule(wait->number, wait->arguments);
	if (wait->rule.kind == HC_TIMEOUT_NONE) return;
	wait->given = wait->arguments[wait->rule.argument];
	struct hc_timespec timespec;
	switch (wait->rule.kind) {
	case HC_TIMEOUT_MILLISECONDS:
		wait->left = (int64_t)(int)wait->given * 1000000;
		break;
	case HC_TIMEOUT_TIMEVAL: {
		struct hc_timeval timeval = *(struct hc_timeval *)wait->given;
		timespec = (struct hc_timespec){timeval.seconds, timeval.microseconds * 1000};
		if (timeval.seconds < 0 || (uint64_t)timeval.microseconds > 1000000) wait->rule.kind = HC_TIMEOUT_NONE;
		wait->left = hc_timespec_to_ns(timespec);
		break;
	}
	default:
		timespec = *(struct hc_timespec *)wait->given;
		if (timespec.seconds < 0 || (uint64_t)timespec.nanoseconds >= NANOSECONDS) wait->rule.kind = HC_TIMEOUT_NONE;
		wait->left = hc_timespec_to_ns(timespec);
		break;
	}
	/* Not valid: the kernel says so. */
	if (wait->rule.kind == HC_TIMEOUT_NONE) return;
	if (wait->rule.updated) set_timeout(wait, wait->left);
	if (wait->rule.kind == HC_TIMEOUT_DEADLINE) set_deadline(wait);
	wait->begun = now(CLOCK_MONOTONIC);
}

NATIVE static void begin(struct wait *wait)
{
	__hc_self->interrupted = 0;
	begin_timeout(wait);
	replace_masks(wait);
}

/* The thread is about to park: how long would it have waited still? */
NATIVE static void suspend(struct wait *wait)
{
	if (wait->rule.kind == HC_TIMEOUT_NONE || wait->rule.kind == HC_TIMEOUT_DEADLINE) return;
	wait->left = hc_left(wait->left, now(CLOCK_MONOTONIC) - wait->begun);
}

NATIVE static void resume(struct wait *wait)
{
	if (wait->rule.kind == HC_TIMEOUT_NONE) return;
	if (wait->rule.kind == HC_TIMEOUT_DEADLINE) {
		set_deadline(wait);
	} else {
		set_timeout(wait, wait->left);
		wait->begun = now(CLOCK_MONOTONIC);
	}
}

/* signal(7): these fail with EINTR after any handler, SA_RESTART or not. */
NATIVE static int never_restarted(const struct wait *wait)
{
	return wait->rule.kind != HC_TIMEOUT_NONE || wait->number == SYS_poll || wait->number == SYS_ppoll ||
	       wait->number == SYS_select || wait->number == SYS_pselect6 || wait->number == SYS_epoll_wait ||
	       wait->number == SYS_epoll_pwait || wait->number == SYS_epoll_pwait2 || wait->number == SYS_rt_sigsuspend ||
	       wait->number == SYS_pause || wait->number == SYS_rt_sigtimedwait || wait->number == SYS_semop ||
	       wait->number == SYS_semtimedop || wait->number == SYS_msgrcv || wait->number == SYS_msgsnd;
}

/* A handler ended a sleep that had not begun, or was to begin again: the kernel has not told what is left. */
NATIVE static void tell_remaining(struct wait *wait)
{
	int argument = wait->number == SYS_nanosleep ? 1 : wait->number == SYS_clock_nanosleep ? 3 : -1;
	if (argument < 0 || wait->rule.kind != HC_TIMEOUT_TIMESPEC || !wait->arguments[argument]) return;
	*(struct hc_timespec *)wait->arguments[argument] = hc_ns_to_timespec(wait->left);
}

NATIVE static int broken_by_handler(const struct wait *wait)
{
	uint32_t breaking = never_restarted(wait) ? HC_HANDLER_BREAKS | HC_HANDLER_RESTARTS : HC_HANDLER_BREAKS;
	return __hc_self->interrupted & breaking;
}

NATIVE static long issue(struct wait *wait)
{
	struct hc_thread_block *self = __hc_self;
	long *a = wait->arguments;
	if (self->public.in_handler) return __hc_syscall(wait->number, a[0], a[1], a[2], a[3], a[4], a[5]);
	self->public.in_syscall = (uint32_t)wait->number + 1;
	long result = hc_interruptible(wait->number, a);
	self->public.in_syscall = 0;
	if (result == HC_RESTART) suspend(wait);
	return result;
}

NATIVE static void finish(const struct wait *wait)
{
	if (wait->rule.kind == HC_TIMEOUT_TIMEVAL && wait->rule.updated) *(struct hc_timeval *)wait->given = wait->timeout.timeval;
	if (wait->rule.kind == HC_TIMEOUT_TIMESPEC && wait->rule.updated) *(struct hc_timespec *)wait->given = wait->timeout.timespec;
}

/* A kick is good for leaving the call once: calls that are no cancellation points are made again. */
NATIVE static int cancelled(const struct wait *wait)
{
	struct hc_thread_block *self = __hc_self;
	if (!self->kicked) return 0;
	self->kicked = 0;
	return wait->cancellable && __hc_cancelled();
}

PORTABLE static long wait_for(struct wait *wait)
{
	__hc_point();
	begin(wait);
	long result;
	while ((result = issue(wait)) == HC_RESTART) {
		__hc_point();
		/* Also one that waited for the thread to run on: the call would have felt it. */
		if (broken_by_handler(wait) | cancelled(wait)) {
			tell_remaining(wait);
			result = -EINTR;
			break;
		}
		resume(wait);
	}
	finish(wait);
	return result;
}

PORTABLE long __hc_syscall_cp(long n, long a, long b, long c, long d, long e, long f)
{
	struct wait wait = {.number = n, .arguments = {a, b, c, d, e, f}};
	return wait_for(&wait);
}

/* Fails with EINTR, too, when the thread is cancelled. */
PORTABLE long __hc_syscall_cancel(long n, long a, long b, long c, long d, long e, long f)
{
	struct wait wait = {.number = n, .arguments = {a, b, c, d, e, f}, .cancellable = 1};
	return wait_for(&wait);
}
