/* SPDX-License-Identifier: 0BSD */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

extern char **environ;
static _Thread_local int local = 42;
static int constructed;

__attribute__((constructor)) static void construct(void)
{
	constructed = 1;
}

static void at_end(void)
{
	puts("process ok");
}

static int status_of(pid_t pid)
{
	int status;
	CHECK(waitpid(pid, &status, 0) == pid);
	return status;
}

int main(int argc, char **argv)
{
	if (argc == 2) return atoi(argv[1]); /* a child after exec */

	CHECK(constructed && local == 42);

	/* What hc-xform knows an eventfd of this kind by. */
	int plain = eventfd(1, EFD_CLOEXEC), semaphore = eventfd(1, EFD_CLOEXEC | EFD_SEMAPHORE);
	CHECK(fcntl(plain, F_GETSIG) == 0 && fcntl(semaphore, F_GETSIG) == 35);
	CHECK(getauxval(AT_PAGESZ) == 4096 && !getauxval(AT_SYSINFO_EHDR) && !getauxval(AT_HWCAP));
	CHECK(!strcmp(argv[0], argv[argc] ? "" : argv[0]) && getenv("PATH"));

	/* arguments where ps looks for them; not every emulator and kernel lets a process tell */
	char line[256] = "";
	int fd = open("/proc/self/cmdline", O_RDONLY);
	CHECK(fd >= 0 && read(fd, line, sizeof line - 1) > 0);
	close(fd);
	CHECK(strstr(line, argv[0]));

	/* fork: a copy with thread-locals and its own identity */
	local = 7;
	pid_t parent = getpid(), child = fork();
	if (!child) {
		CHECK(getppid() == parent && getpid() != parent && local == 7);
		local = 8;
		_exit(11);
	}
	int status = status_of(child);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 11 && local == 7);

	/* vfork and exec */
	child = vfork();
	if (!child) {
		execl("/bin/sh", "sh", "-c", "exit 12", (char *)0);
		_exit(127);
	}
	CHECK(WEXITSTATUS(status_of(child)) == 12);

	/* posix_spawn, also of what is not there */
	char *arguments[] = {"sh", "-c", "exit 13", 0};
	CHECK(!posix_spawn(&child, "/bin/sh", 0, 0, arguments, environ));
	CHECK(WEXITSTATUS(status_of(child)) == 13);
	CHECK(posix_spawn(&child, "/nonexistent", 0, 0, arguments, environ) == ENOENT);
	CHECK(WEXITSTATUS(system("exit 14")) == 14);

	FILE *pipe = popen("echo from a pipe", "r");
	CHECK(pipe && fgets(line, sizeof line, pipe) && !strcmp(line, "from a pipe\n"));
	CHECK(!pclose(pipe));

	/* killed by a signal: the default action is the kernel's */
	child = fork();
	if (!child) {
		signal(SIGTERM, SIG_DFL);
		raise(SIGTERM);
		_exit(1);
	}
	CHECK(WTERMSIG(status_of(child)) == SIGTERM);
	child = fork();
	if (!child) abort();
	CHECK(WTERMSIG(status_of(child)) == SIGABRT);

	struct timespec before, after;
	CHECK(!clock_gettime(CLOCK_MONOTONIC, &before));
	CHECK(time(0) > 1600000000);
	CHECK(!clock_gettime(CLOCK_MONOTONIC, &after));
	CHECK(after.tv_sec > before.tv_sec || after.tv_nsec >= before.tv_nsec);
	CHECK(clock_gettime(12345, &after) == -1 && errno == EINVAL);
	atexit(at_end);
	return 0;
}
