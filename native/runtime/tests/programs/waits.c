/* SPDX-License-Identifier: 0BSD
 *
 * One blocking call of 500 ms, chosen by the first argument. Says "begins", then what the call returned and how long it took
 * by the monotonic clock.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static const struct timespec half = {0, 500000000};
static int channel[2];

static int by_nanosleep(void) { return nanosleep(&half, 0); }
static int by_poll(void) { return poll(&(struct pollfd){.fd = channel[0], .events = POLLIN}, 1, 500); }
static int by_ppoll(void) { return ppoll(&(struct pollfd){.fd = channel[0], .events = POLLIN}, 1, &half, 0); }
static int by_usleep(void) { return usleep(500000); }

static int by_select(void)
{
	struct timeval timeout = {0, 500000};
	fd_set set;
	FD_ZERO(&set);
	FD_SET(channel[0], &set);
	return select(channel[0] + 1, &set, 0, 0, &timeout);
}

static int by_pselect(void)
{
	sigset_t mask;
	sigfillset(&mask);
	return pselect(0, 0, 0, 0, &half, &mask);
}

static int by_epoll(void)
{
	struct epoll_event event = {.events = EPOLLIN};
	int epoll = epoll_create1(0);
	epoll_ctl(epoll, EPOLL_CTL_ADD, channel[0], &event);
	return epoll_wait(epoll, &event, 1, 500);
}

static int by_sigtimedwait(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	return sigtimedwait(&set, 0, &half);
}

static int by_semaphore(void)
{
	sem_t semaphore;
	struct timespec until;
	sem_init(&semaphore, 0, 0);
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 500000000;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	return sem_timedwait(&semaphore, &until);
}

/* No time-outs: what ends these comes from outside. */
static int by_child(void)
{
	pid_t child = fork();
	if (!child) {
		nanosleep(&half, 0);
		_exit(5);
	}
	int status;
	return waitpid(child, &status, 0) == child ? WEXITSTATUS(status) : -1;
}

static int by_read(void)
{
	char byte;
	return read(0, &byte, 1);
}

/* stdio has its own way to the kernel. */
static int by_getchar(void)
{
	return getchar();
}

static int by_flock(void)
{
	char name[] = "/tmp/hc-waits-XXXXXX";
	int mine = mkstemp(name), child_ends[2];
	char byte;
	CHECK(mine >= 0 && !pipe(child_ends));
	pid_t child = fork();
	if (!child) {
		int own = open(name, O_RDWR);
		CHECK(!flock(own, LOCK_EX) && write(child_ends[1], "x", 1) == 1);
		nanosleep(&half, 0);
		_exit(0);
	}
	CHECK(read(child_ends[0], &byte, 1) == 1);
	int result = flock(mine, LOCK_EX);
	unlink(name);
	return result;
}

/* A handler without SA_RESTART ends the call, parked in between or not. */
static void ignore(int signal) {}

static int by_alarm(void)
{
	char byte;
	struct sigaction action = {.sa_handler = ignore};
	sigaction(SIGALRM, &action, 0);
	timer_t timer;
	timer_create(CLOCK_MONOTONIC, 0, &timer);
	timer_settime(timer, 0, &(struct itimerspec){.it_value = half}, 0);
	return read(channel[0], &byte, 1);
}

/* setitimer(2)'s timers go on with what was left. */
static int by_interval(void)
{
	struct itimerval once = {.it_value = {0, 500000}}, long_after = {.it_value = {100, 0}}, left;
	char byte;
	struct sigaction action = {.sa_handler = ignore};
	sigaction(SIGALRM, &action, 0);
	CHECK(!setitimer(ITIMER_PROF, &long_after, 0) && !setitimer(ITIMER_REAL, &once, 0));
	int result = read(channel[0], &byte, 1);
	int error = errno;
	CHECK(!getitimer(ITIMER_PROF, &left) && left.it_value.tv_sec >= 99 && left.it_value.tv_sec <= 100);
	errno = error;
	return result;
}

/* One with SA_RESTART does not; the call is left once it is over. */
static void slow(int signal)
{
	struct timespec from, now;
	clock_gettime(CLOCK_MONOTONIC, &from);
	do clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - from.tv_sec) * 1000000000L + now.tv_nsec - from.tv_nsec < half.tv_nsec);
}

static int by_handler(void)
{
	char byte;
	struct sigaction action = {.sa_handler = slow, .sa_flags = SA_RESTART};
	sigaction(SIGALRM, &action, 0);
	timer_t timer;
	timer_create(CLOCK_MONOTONIC, 0, &timer);
	timer_settime(timer, 0, &(struct itimerspec){.it_value.tv_nsec = 1}, 0);
	return read(0, &byte, 1);
}

static const struct {
	const char *name;
	int (*call)(void);
} calls[] = {
	{"nanosleep", by_nanosleep}, {"usleep", by_usleep}, {"poll", by_poll}, {"ppoll", by_ppoll}, {"select", by_select},
	{"pselect", by_pselect}, {"epoll", by_epoll}, {"sigtimedwait", by_sigtimedwait}, {"semaphore", by_semaphore},
	{"child", by_child}, {"read", by_read}, {"getchar", by_getchar}, {"flock", by_flock}, {"alarm", by_alarm}, {"interval", by_interval}, {"handler", by_handler},
};

int main(int argc, char **argv)
{
	CHECK(!pipe(channel) && argc == 2);
	for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
		if (strcmp(calls[i].name, argv[1])) continue;
		struct timespec from, to;
		puts("begins");
		fflush(stdout);
		clock_gettime(CLOCK_MONOTONIC, &from);
		errno = 0;
		int result = calls[i].call();
		int error = errno;
		clock_gettime(CLOCK_MONOTONIC, &to);
		printf("%d %d %ld\n", result, error, (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000);
		return 0;
	}
	return 2;
}
