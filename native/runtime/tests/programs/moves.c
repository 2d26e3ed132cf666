/* SPDX-License-Identifier: 0BSD
 *
 * Reads a byte in deep recursion with jmp_bufs in several frames, then jumps to them one after the other; and looks at the
 * clocks. The test has the program move (or believe so) while it reads.
 */
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static jmp_buf bare, middle;
static sigjmp_buf outermost;
static int landed;
static volatile int in_handler;

static long milliseconds(clockid_t clock)
{
	struct timespec now;
	CHECK(!clock_gettime(clock, &now));
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wait_deep(int depth)
{
	char pad[64], byte;
	memset(pad, depth, sizeof pad);
	if (depth) {
		wait_deep(depth - 1);
		CHECK(pad[5] == depth);
		return;
	}
	CHECK(read(0, &byte, 1) == 1);
	longjmp(bare, 1);
}

/* Nothing of its own in the frame. */
static int with_bare(void)
{
	if (setjmp(bare)) return 1;
	wait_deep(20);
	return 0;
}

static void with_middle(int parameter)
{
	double kept = parameter * 1.5;
	if (!setjmp(middle)) {
		CHECK(with_bare() == 1);
		landed++;
		longjmp(middle, 2);
	}
	CHECK(kept == parameter * 1.5);
	landed++;
	raise(SIGUSR1);
	CHECK(0);
}

/* Jumps out of a handler over frames that have moved. */
static void handler(int signal)
{
	in_handler++;
	siglongjmp(outermost, 3);
}

int main(void)
{
	signal(SIGUSR1, handler);
	puts("begins");
	fflush(stdout);
	for (volatile int round = 1; round <= 3; round++) {
		long before = milliseconds(CLOCK_MONOTONIC), cpu = milliseconds(CLOCK_PROCESS_CPUTIME_ID);
		int r = sigsetjmp(outermost, 1);
		if (!r) with_middle(round);
		CHECK(r == 3 && landed == 2 * round && in_handler == round);
		long after = milliseconds(CLOCK_MONOTONIC);
		CHECK(after >= before && milliseconds(CLOCK_PROCESS_CPUTIME_ID) >= cpu);
		CHECK(milliseconds(CLOCK_MONOTONIC_COARSE) >= after - 20 && milliseconds(CLOCK_MONOTONIC_COARSE) <= after + 20);
		struct timespec until = {(after + 50) / 1000, (after + 50) % 1000 * 1000000};
		CHECK(!clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, 0));
		long slept = milliseconds(CLOCK_MONOTONIC) - after;
		CHECK(slept >= 49 && slept < 150);
		timer_t timer;
		struct itimerspec setting = {.it_value = until}, left;
		setting.it_value.tv_sec += 5;
		CHECK(!timer_create(CLOCK_MONOTONIC, &(struct sigevent){.sigev_notify = SIGEV_NONE}, &timer));
		CHECK(!timer_settime(timer, TIMER_ABSTIME, &setting, 0) && !timer_gettime(timer, &left));
		CHECK(left.it_value.tv_sec == 4 && !timer_delete(timer));
		printf("%ld\n", after - before);
		fflush(stdout);
	}
	return 0;
}
