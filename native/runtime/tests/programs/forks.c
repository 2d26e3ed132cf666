/* SPDX-License-Identifier: 0BSD
 *
 * Children and grandchildren that end at once or soon, until stdin ends.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"

static void be_child(unsigned n)
{
	if (n % 5 == 0) {
		pid_t pid = fork();
		int status = -1;
		if (pid == 0) _exit(3);
		if (pid > 0) CHECK(waitpid(pid, &status, 0) == pid && WEXITSTATUS(status) == 3);
	}
	if (n % 3 == 0) usleep(2000);
	if (n % 7 == 0)
		for (volatile unsigned i = 0; i < 2000000; i++) continue;
	_exit((int)(n % 100));
}

int main(void)
{
	struct pollfd end = {.fd = 0, .events = POLLIN};
	puts("begins");
	fflush(stdout);
	for (unsigned n = 1; poll(&end, 1, 0) == 0; n++) {
		pid_t pid = fork();
		int status = -1;
		if (pid == 0) be_child(n);
		if (pid < 0) continue;
		CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == (int)(n % 100));
	}
	puts("forks ok");
	return 0;
}
