/* SPDX-License-Identifier: 0BSD
 *
 * Computes in a loop that can be entered at two places (no natural loop: neither dominates the other), until SIGUSR1.
 */
#include <signal.h>

#include "check.h"

static volatile sig_atomic_t stop;
static volatile unsigned long first_half, second_half;

static void end(int signal)
{
	stop = signal;
}

int main(int argc, char **argv)
{
	CHECK(signal(SIGUSR1, end) != SIG_ERR);
	puts("begins");
	fflush(stdout);
	if (argc > 1) goto second;
first:
	first_half++;
	if (first_half % 3 == 0) first_half += 3;
second:
	second_half++;
	if (second_half % 5 == 0) second_half += 5;
	if (!stop) goto first;
	CHECK(first_half && second_half);
	puts("ended");
	return 0;
}
