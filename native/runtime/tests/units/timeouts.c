/* SPDX-License-Identifier: 0BSD
 *
 * common/timeout.c, compiled for this machine.
 */
#include "../../common/timeout.c"

int printf(const char *, ...);

static int failures;

#define EQUAL(got, expected) \
	do { \
		long g = (long)(got), e = (long)(expected); \
		if (g != e) failures++, printf("line %d: %s is %ld, not %ld\n", __LINE__, #got, g, e); \
	} while (0)

static uint8_t kind(long number, long a, long b, long c, long d, long e)
{
	const long arguments[6] = {a, b, c, d, e};
	return hc_timeout_rule(number, arguments).kind;
}

int main(void)
{
	for (unsigned i = 1; i < sizeof rules / sizeof *rules; i++) EQUAL(rules[i - 1].number < rules[i].number, 1);

	EQUAL(kind(SYS_read, 1, 2, 3, 4, 5), HC_TIMEOUT_NONE);
	EQUAL(kind(9999, 1, 2, 3, 4, 5), HC_TIMEOUT_NONE);
	EQUAL(kind(-1, 1, 2, 3, 4, 5), HC_TIMEOUT_NONE);
	EQUAL(kind(SYS_poll, 0, 0, 100, 0, 0), HC_TIMEOUT_MILLISECONDS);
	EQUAL(kind(SYS_poll, 0, 0, -1, 0, 0), HC_TIMEOUT_NONE);
	EQUAL(kind(SYS_poll, 0, 0, 0xffffffff, 0, 0), HC_TIMEOUT_NONE); /* an int */
	EQUAL(kind(SYS_select, 0, 0, 0, 0, 0), HC_TIMEOUT_NONE);
	EQUAL(kind(SYS_select, 0, 0, 0, 0, 4096), HC_TIMEOUT_TIMEVAL);
	EQUAL(kind(SYS_clock_nanosleep, CLOCK_MONOTONIC, 0, 4096, 0, 0), HC_TIMEOUT_TIMESPEC);
	EQUAL(kind(SYS_clock_nanosleep, CLOCK_REALTIME, 0, 4096, 0, 0), HC_TIMEOUT_TIMESPEC);
	EQUAL(kind(SYS_clock_nanosleep, CLOCK_MONOTONIC, TIMER_ABSTIME, 4096, 0, 0), HC_TIMEOUT_DEADLINE);
	EQUAL(kind(SYS_clock_nanosleep, CLOCK_REALTIME, TIMER_ABSTIME, 4096, 0, 0), HC_TIMEOUT_NONE);
	EQUAL(kind(SYS_futex, 0, FUTEX_WAIT | FUTEX_PRIVATE, 0, 4096, 0), HC_TIMEOUT_TIMESPEC);
	EQUAL(kind(SYS_futex, 0, FUTEX_WAKE | FUTEX_PRIVATE, 0, 4096, 0), HC_TIMEOUT_NONE);
	EQUAL(kind(SYS_futex, 0, FUTEX_WAIT_BITSET | FUTEX_PRIVATE, 0, 4096, 0), HC_TIMEOUT_DEADLINE);
	EQUAL(kind(SYS_futex, 0, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, 4096, 0), HC_TIMEOUT_NONE);

	EQUAL(hc_left(1000, 0), 1000);
	EQUAL(hc_left(1000, 999), 1);
	EQUAL(hc_left(1000, 1000), 0);
	EQUAL(hc_left(1000, INT64_MAX), 0);
	EQUAL(hc_left(1000, -5), 1000); /* a clock that was set back */
	EQUAL(hc_left(INT64_MAX, 1L << 60), INT64_MAX);

	EQUAL(hc_timespec_to_ns((struct hc_timespec){1, 5}), 1000000005);
	EQUAL(hc_timespec_to_ns((struct hc_timespec){INT64_MAX, 999999999}), INT64_MAX);
	EQUAL(hc_ns_to_timespec(2000000007).seconds, 2);
	EQUAL(hc_ns_to_timespec(2000000007).nanoseconds, 7);
	EQUAL(hc_ns_to_milliseconds(0), 0);
	EQUAL(hc_ns_to_milliseconds(1), 1);
	EQUAL(hc_ns_to_milliseconds(1000000), 1);
	EQUAL(hc_ns_to_milliseconds(1000001), 2);
	return failures != 0;
}
