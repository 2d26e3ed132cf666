/* SPDX-License-Identifier: 0BSD
 *
 * Timers armed for an absolute time. Once the program has moved its clocks are the kernel's plus an offset (clock.c).
 */
#include "runtime.h"

/* timer_settime(2), timerfd_settime(2) */
struct timer_setting {
	struct hc_timespec interval, value;
};

NATIVE static const char *after(const char *text, const char *word)
{
	for (; *text; text++) {
		const char *t = text, *w = word;
		while (*w && *t == *w) t++, w++;
		if (!*w) return t;
	}
	return 0;
}

NATIVE static char *number(char *to, long n)
{
	if (n >= 10) to = number(to, n / 10);
	*to++ = (char)('0' + n % 10);
	*to = 0;
	return to;
}

NATIVE static char *append(char *to, const char *from)
{
	while ((*to = *from++)) to++;
	return to;
}

/* The number that follows `first`, and then `second`, in a file of /proc; -1 when it is not there. */
NATIVE static long look_up(const char *path, const char *first, const char *second)
{
	char text[4096];
	long fd = hc_kernel_call(SYS_open, (long)path, 0, 0, 0, 0, 0);
	if (fd < 0) return -1;
	long size = hc_kernel_call(SYS_read, fd, (long)text, sizeof text - 1, 0, 0, 0);
	hc_kernel_call(SYS_close, fd, 0, 0, 0, 0, 0);
	text[size > 0 ? size : 0] = 0;
	const char *found = after(text, first);
	if (found && second) found = after(found, second);
	if (!found) return -1;
	while (*found == ' ' || *found == '\t') found++;
	return *found >= '0' && *found <= '9' ? *found - '0' : -1;
}

/* proc(5): the clock of a timer is only told there. */
NATIVE static long clock_of(long call, long id)
{
	char path[64], word[32];
	if (call == SYS_timerfd_settime) {
		number(append(path, "/proc/self/fdinfo/"), id);
		return look_up(path, "clockid:", 0);
	}
	append(number(append(word, "ID: "), id), "\n");
	return look_up("/proc/self/timers", word, "ClockID:");
}

NATIVE long hc_set_timer(long call, long id, long flags, long setting_address, long old)
{
	const struct timer_setting *setting = (void *)setting_address;
	struct timer_setting shifted;
	if ((flags & TIMER_ABSTIME) && setting && (setting->value.seconds || setting->value.nanoseconds)) {
		int64_t offset = hc_clock_offset(CLOCK_MONOTONIC) ? hc_clock_offset(clock_of(call, id)) : 0;
		if (offset) {
			int64_t ns = setting->value.seconds * NANOSECONDS + setting->value.nanoseconds - offset;
			if (ns < 1) ns = 1; /* over already; 0 would disarm it */
			shifted = (struct timer_setting){setting->interval, {ns / NANOSECONDS, ns % NANOSECONDS}};
			setting = &shifted;
		}
	}
	return hc_kernel_call(call, id, flags, (long)setting, old, 0, 0);
}
