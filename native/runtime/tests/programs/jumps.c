/* SPDX-License-Identifier: 0BSD */
#include <setjmp.h>
#include <string.h>

#include "check.h"

static jmp_buf outer, inner;
static int results[8], count;

static void deeper(int n, jmp_buf *to)
{
	char big[256];
	memset(big, n, sizeof big);
	if (!n) longjmp(*to, 5);
	deeper(n - 1, to);
	CHECK(big[17] == n);
}

static int without_locals(void)
{
	if (setjmp(outer)) return 9;
	deeper(3, &outer);
	return 0;
}

int main(void)
{
	volatile int tries = 0;
	double kept = 1.5;
	switch (setjmp(outer)) {
	case 0: deeper(50, &outer); CHECK(0);
	case 5: tries++; break;
	default: CHECK(0);
	}
	CHECK(tries == 1 && kept == 1.5);

	/* again and again from one buffer; 0 becomes 1 */
	volatile int loop = 0;
	int r = setjmp(inner);
	results[count++] = r;
	if (loop++ < 4) longjmp(inner, loop - 1);
	CHECK(count == 5 && results[0] == 0 && results[1] == 1 && results[2] == 1 && results[3] == 2 && results[4] == 3);

	CHECK(without_locals() == 9);

	/* a jump over frames of others that have buffers, too */
	if (!setjmp(outer)) {
		jmp_buf local;
		if (!setjmp(local)) deeper(10, &local);
		deeper(10, &outer);
	}
	puts("jumps ok");
	return 0;
}
