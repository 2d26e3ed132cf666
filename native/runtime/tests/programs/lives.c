/* SPDX-License-Identifier: 0BSD
 *
 * Threads and the process: many that come and go, fork, the end of the first thread, changes for all threads at once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

enum { ROUNDS = 1000, ALIVE = 300 };

static void *nothing(void *argument)
{
	return argument;
}

/* struct hc_control: the runtime's own list of threads, with those that are gone. */
static int blocks(void)
{
	int count = 0;
	for (uint64_t *block = *(uint64_t **)0x200020; block; block = (uint64_t *)*block) count++;
	return count;
}

/* Pages of address space. An emulator has its own in between. */
static long mapped(void)
{
	if (*(uint32_t *)0x200010 != 62) return 0;
	char line[256];
	long size, pages;
	int file = open("/proc/self/statm", O_RDONLY);
	CHECK(file >= 0);
	ssize_t length = read(file, line, sizeof line - 1);
	CHECK(length > 0);
	close(file);
	line[length] = 0;
	CHECK(sscanf(line, "%ld %ld", &size, &pages) == 2);
	return size;
}

static void *fills_stack(void *argument)
{
	volatile char large[100 * 1024];
	for (size_t i = 0; i < sizeof large; i += 512) large[i] = 1;
	return argument;
}

/* After many_at_once: a thread that has been joined may still be the kernel's for a while, and its block can't be used again
 * until then; there are others. */
static void come_and_go(void)
{
	pthread_t thread;
	pthread_attr_t attributes;
	int blocks_before = 0;
	long before = 0;
	CHECK(!pthread_attr_init(&attributes) && !pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED));
	for (int i = 0; i < ROUNDS; i++) {
		CHECK(!pthread_create(&thread, 0, i % 3 ? nothing : fills_stack, 0) && !pthread_join(thread, 0));
		if (i == 10) before = mapped(), blocks_before = blocks();
	}
	CHECK(mapped() - before < 64 && blocks() == blocks_before);
	for (int i = 0; i < ROUNDS / 10; i++) CHECK(!pthread_create(&thread, &attributes, nothing, 0));
}

static pthread_barrier_t barrier;

static void *meets(void *argument)
{
	pthread_barrier_wait(&barrier);
	return argument;
}

static void many_at_once(void)
{
	static pthread_t threads[ALIVE];
	CHECK(!pthread_barrier_init(&barrier, 0, ALIVE + 1));
	for (int i = 0; i < ALIVE; i++) CHECK(!pthread_create(&threads[i], 0, meets, 0));
	pthread_barrier_wait(&barrier);
	for (int i = 0; i < ALIVE; i++) CHECK(!pthread_join(threads[i], 0));
}

static atomic_int stop;
static atomic_int prepared, in_parent, in_child;

static void *busy(void *argument)
{
	while (!stop) {
		free(malloc(1000));
		usleep(100);
	}
	return argument;
}

static void prepare(void) { prepared++; }
static void parent(void) { in_parent++; }
static void child(void) { in_child++; }

static void *forks(void *argument)
{
	for (int i = 0; i < 10; i++) {
		pid_t pid = fork();
		if (!pid) {
			/* alone, and able to have threads of its own */
			pthread_t threads[3];
			void *result;
			CHECK(in_child == 1 && getpid() == gettid());
			for (int k = 0; k < 3; k++) CHECK(!pthread_create(&threads[k], 0, nothing, &threads[k]));
			for (int k = 0; k < 3; k++) CHECK(!pthread_join(threads[k], &result) && result == &threads[k]);
			if (i % 2) _exit(21);
			pthread_exit(0); /* the only thread: as exit(0) */
		}
		int status;
		CHECK(waitpid(pid, &status, 0) == pid && WIFEXITED(status) && WEXITSTATUS(status) == (i % 2 ? 21 : 0));
	}
	return argument;
}

static void forking(void)
{
	pthread_t threads[4], forking;
	CHECK(!pthread_atfork(prepare, parent, child));
	for (int i = 0; i < 4; i++) CHECK(!pthread_create(&threads[i], 0, busy, 0));
	CHECK(!pthread_create(&forking, 0, forks, 0) && !pthread_join(forking, 0));
	CHECK(prepared == 10 && in_parent == 10 && !in_child);
	/* for all threads at once: musl stops each in a signal handler */
	for (int i = 0; i < 20; i++) CHECK(!setgid(getgid()) && !setuid(getuid()));
	stop = 1;
	for (int i = 0; i < 4; i++) CHECK(!pthread_join(threads[i], 0));
}

static _Thread_local int got;
static atomic_int handled;
static void handle(int signal)
{
	got = signal;
	handled++;
}

static void *with_mask(void *argument)
{
	sigset_t set;
	static char memory[2][32768];
	int number = (int)(intptr_t)argument;
	stack_t stack = {.ss_sp = memory[number], .ss_size = sizeof memory[0]}, now;
	CHECK(!sigaltstack(0, &now) && (now.ss_flags & SS_DISABLE));
	CHECK(!sigaltstack(&stack, 0) && !sigaltstack(0, &now) && now.ss_sp == memory[number]);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	CHECK(!pthread_sigmask(SIG_BLOCK, &set, 0) && !pthread_kill(pthread_self(), SIGUSR1) && !got);
	CHECK(!pthread_sigmask(SIG_UNBLOCK, &set, 0) && got == SIGUSR1);
	CHECK(!pthread_kill(pthread_self(), 0));

	clockid_t clock;
	struct timespec from, to;
	CHECK(!pthread_getcpuclockid(pthread_self(), &clock) && !clock_gettime(CLOCK_THREAD_CPUTIME_ID, &from));
	if (!clock_gettime(clock, &to)) CHECK(to.tv_sec > from.tv_sec || to.tv_nsec >= from.tv_nsec);
	return argument;
}

static void signals(void)
{
	pthread_t threads[2];
	struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART | SA_ONSTACK};
	CHECK(!sigaction(SIGUSR1, &action, 0));
	for (intptr_t i = 0; i < 2; i++) CHECK(!pthread_create(&threads[i], 0, with_mask, (void *)i));
	for (int i = 0; i < 2; i++) CHECK(!pthread_join(threads[i], 0));
	CHECK(handled == 2 && !got);
}

static pthread_t first;

static void *last(void *argument)
{
	void *result;
	CHECK(!pthread_join(first, &result) && result == &first);
	CHECK(!kill(getpid(), SIGUSR1)); /* the first thread is not there to take it */
	while (handled < 3) usleep(1000);
	CHECK(got == SIGUSR1);
	come_and_go();
	puts("lives ok");
	return argument;
}

int main(void)
{
	pthread_t thread;
	many_at_once();
	come_and_go();
	forking();
	signals();
	first = pthread_self();
	CHECK(!pthread_create(&thread, 0, last, 0));
	pthread_exit(&first);
}
