/* SPDX-License-Identifier: 0BSD
 *
 * Time-outs of blocking system calls, and what is left of them. Pure functions over the table in timeout.c.
 */
#ifndef HC_COMMON_TIMEOUT_H
#define HC_COMMON_TIMEOUT_H

#include "kernel.h"

enum hc_timeout_kind {
	HC_TIMEOUT_NONE,
	HC_TIMEOUT_MILLISECONDS, /* int, negative is for ever */
	HC_TIMEOUT_TIMESPEC,     /* struct timespec *, 0 is for ever */
	HC_TIMEOUT_TIMEVAL,      /* struct timeval *, likewise */
	HC_TIMEOUT_SLEEP,        /* clock_nanosleep: absolute by its flag */
	HC_TIMEOUT_FUTEX,        /* by the futex operation */
	HC_TIMEOUT_DEADLINE,     /* struct timespec *, a time by a clock that clock.c shifts */
};

struct hc_timeout_rule {
	uint16_t number;
	uint8_t argument;
	uint8_t kind;
	uint8_t updated; /* the kernel stores what is left there (select(2), "Timeouts") */
};

/* The rule that holds for this call, with `kind` resolved to none, milliseconds, timespec, timeval or deadline. */
struct hc_timeout_rule hc_timeout_rule(long number, const long arguments[6]);

int64_t hc_timespec_to_ns(struct hc_timespec t); /* saturates */
struct hc_timespec hc_ns_to_timespec(int64_t ns);
int64_t hc_left(int64_t timeout, int64_t elapsed);
/* Rounds up: a wait must not end early. */
long hc_ns_to_milliseconds(int64_t ns);

#endif
