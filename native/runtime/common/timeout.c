/* SPDX-License-Identifier: 0BSD */
#include "timeout.h"

/* Sorted by number. mq_timedsend, mq_timedreceive and FUTEX_LOCK_PI count CLOCK_REALTIME, which all machines share:
 * they need no rule. Calls on sockets with SO_RCVTIMEO start their time anew. */
static const struct hc_timeout_rule rules[] = {
	{SYS_poll, 2, HC_TIMEOUT_MILLISECONDS, 0},
	{SYS_select, 4, HC_TIMEOUT_TIMEVAL, 1},
	{SYS_nanosleep, 0, HC_TIMEOUT_TIMESPEC, 0},
	{SYS_rt_sigtimedwait, 2, HC_TIMEOUT_TIMESPEC, 0},
	{SYS_futex, 3, HC_TIMEOUT_FUTEX, 0},
	{SYS_semtimedop, 3, HC_TIMEOUT_TIMESPEC, 0},
	{SYS_clock_nanosleep, 2, HC_TIMEOUT_SLEEP, 0},
	{SYS_epoll_wait, 3, HC_TIMEOUT_MILLISECONDS, 0},
	{SYS_pselect6, 4, HC_TIMEOUT_TIMESPEC, 1},
	{SYS_ppoll, 2, HC_TIMEOUT_TIMESPEC, 1},
	{SYS_epoll_pwait, 3, HC_TIMEOUT_MILLISECONDS, 0},
	{SYS_recvmmsg, 4, HC_TIMEOUT_TIMESPEC, 1},
	{SYS_epoll_pwait2, 3, HC_TIMEOUT_TIMESPEC, 0},
};

static uint8_t sleep_kind(const long arguments[6])
{
	if (!(arguments[1] & TIMER_ABSTIME)) return HC_TIMEOUT_TIMESPEC;
	return arguments[0] == CLOCK_MONOTONIC || arguments[0] == CLOCK_BOOTTIME ? HC_TIMEOUT_DEADLINE : HC_TIMEOUT_NONE;
}

static uint8_t futex_kind(const long arguments[6])
{
	switch (arguments[1] & FUTEX_COMMAND) {
	case FUTEX_WAIT: return HC_TIMEOUT_TIMESPEC;
	case FUTEX_LOCK_PI2:
	case FUTEX_WAIT_BITSET: return arguments[1] & FUTEX_CLOCK_REALTIME ? HC_TIMEOUT_NONE : HC_TIMEOUT_DEADLINE;
	default: return HC_TIMEOUT_NONE;
	}
}

static int waits_for_ever(const struct hc_timeout_rule *rule, const long arguments[6])
{
	long value = arguments[rule->argument];
	return rule->kind == HC_TIMEOUT_MILLISECONDS ? (int)value < 0 : !value;
}

struct hc_timeout_rule hc_timeout_rule(long number, const long arguments[6])
{
	struct hc_timeout_rule rule = {0, 0, HC_TIMEOUT_NONE, 0};
	unsigned low = 0, high = sizeof rules / sizeof *rules;
	while (low < high) {
		unsigned middle = (low + high) / 2;
		if (rules[middle].number < number) low = middle + 1;
		else high = middle;
	}
	if (low == sizeof rules / sizeof *rules || rules[low].number != number) return rule;
	if (waits_for_ever(&rules[low], arguments)) return rule;
	rule = rules[low];
	if (rule.kind == HC_TIMEOUT_SLEEP) rule.kind = sleep_kind(arguments);
	if (rule.kind == HC_TIMEOUT_FUTEX) rule.kind = futex_kind(arguments);
	return rule;
}

int64_t hc_timespec_to_ns(struct hc_timespec t)
{
	if (t.seconds >= INT64_MAX / NANOSECONDS) return INT64_MAX;
	return t.seconds * NANOSECONDS + t.nanoseconds;
}

struct hc_timespec hc_ns_to_timespec(int64_t ns)
{
	return (struct hc_timespec){ns / NANOSECONDS, ns % NANOSECONDS};
}

int64_t hc_left(int64_t timeout, int64_t elapsed)
{
	if (timeout == INT64_MAX || elapsed < 0) return timeout;
	return elapsed < timeout ? timeout - elapsed : 0;
}

long hc_ns_to_milliseconds(int64_t ns)
{
	return (ns + 999999) / 1000000;
}
