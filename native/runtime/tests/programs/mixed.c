/* SPDX-License-Identifier: 0BSD
 *
 * Threads in all states that there are, for as long as stdin is open; says "begins" when each is in its state. Then all are
 * told to end, and what they did is checked. The first argument is the number of threads.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static atomic_int ready, stop;
static pthread_mutex_t held = PTHREAD_MUTEX_INITIALIZER, mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t semaphore, ping, pong;
static int channel[2], epoll, over;
static long counted;
static atomic_long total, exchanged;

static void *computes(void *unused)
{
	unsigned long state = 1, steps = 0;
	ready++;
	while (!stop) {
		for (int i = 0; i < 1000; i++) state = state * 6364136223846793005u + 1442695040888963407u, steps++;
	}
	unsigned long again = 1;
	for (unsigned long i = 0; i < steps; i++) again = again * 6364136223846793005u + 1442695040888963407u;
	CHECK(again == state);
	return unused;
}

static void *wants_lock(void *unused)
{
	ready++;
	CHECK(!pthread_mutex_lock(&held) && !pthread_mutex_unlock(&held));
	return unused;
}

static void *waits(void *unused)
{
	CHECK(!pthread_mutex_lock(&mutex));
	ready++;
	while (!over) CHECK(!pthread_cond_wait(&changed, &mutex));
	CHECK(!pthread_mutex_unlock(&mutex));
	return unused;
}

static void *waits_with_time(void *unused)
{
	struct timespec until;
	ready++;
	CHECK(!pthread_mutex_lock(&mutex));
	while (!over) {
		clock_gettime(CLOCK_REALTIME, &until);
		until.tv_nsec += 5000000;
		if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
		int r = pthread_cond_timedwait(&changed, &mutex, &until);
		CHECK(!r || r == ETIMEDOUT);
	}
	CHECK(!pthread_mutex_unlock(&mutex));
	return unused;
}

static void *contends(void *unused)
{
	long own = 0;
	ready++;
	while (!stop) {
		CHECK(!pthread_rwlock_wrlock(&lock));
		counted++;
		CHECK(!pthread_rwlock_unlock(&lock));
		own++;
	}
	total += own;
	return unused;
}

static void *reads(void *unused)
{
	char byte;
	ready++;
	CHECK(read(channel[0], &byte, 1) == 1 && byte == 'x');
	return unused;
}

static void *polls(void *unused)
{
	struct epoll_event event;
	ready++;
	while (!stop) CHECK(epoll_wait(epoll, &event, 1, 20) >= 0);
	return unused;
}

static void *sleeps(void *unused)
{
	struct timespec pause = {0, 3000000};
	ready++;
	while (!stop) CHECK(!nanosleep(&pause, 0));
	return unused;
}

static void *takes(void *unused)
{
	ready++;
	CHECK(!sem_wait(&semaphore));
	return unused;
}

/* Nothing is lost between these two: each step needs the other's. */
static void *pings(void *unused)
{
	ready++;
	while (!stop) {
		CHECK(!sem_post(&ping) && !sem_wait(&pong));
		exchanged++;
	}
	CHECK(!sem_post(&ping));
	return unused;
}

static void *pongs(void *unused)
{
	ready++;
	for (;;) {
		CHECK(!sem_wait(&ping));
		if (stop) break;
		exchanged++;
		CHECK(!sem_post(&pong));
	}
	CHECK(!sem_post(&pong));
	return unused;
}

static void *short_lived(void *unused)
{
	return unused;
}

static void *makes(void *unused)
{
	ready++;
	while (!stop) {
		pthread_t thread;
		CHECK(!pthread_create(&thread, 0, short_lived, 0) && !pthread_join(thread, 0));
	}
	return unused;
}

static void *(*const kinds[])(void *) = {
	pings, pongs, computes, wants_lock, waits, waits_with_time, contends, reads, polls, sleeps, takes, contends, makes,
};

static void *joins(void *thread)
{
	CHECK(!pthread_join(*(pthread_t *)thread, 0));
	return 0;
}

int main(int argc, char **argv)
{
	int count = argc == 2 ? atoi(argv[1]) : 20, kind_count = sizeof kinds / sizeof *kinds;
	pthread_t threads[count], joining;
	char byte;
	CHECK(!pipe(channel) && (epoll = epoll_create1(0)) >= 0 && !sem_init(&semaphore, 0, 0));
	CHECK(!sem_init(&ping, 0, 0) && !sem_init(&pong, 0, 0) && !pthread_mutex_lock(&held));
	for (int i = 0; i < count; i++) {
		/* One pair, and few that take a processor all the time. */
		int kind = i < kind_count ? i : 3 + i % 2 + 4 * (i % 3 == 0);
		CHECK(!pthread_create(&threads[i], 0, kinds[kind], 0));
	}
	CHECK(!pthread_create(&joining, 0, joins, &threads[0]));
	while (ready < count) usleep(1000);
	puts("begins");
	fflush(stdout);
	while (read(0, &byte, 1) == 1) {}
	stop = 1;
	CHECK(!pthread_mutex_unlock(&held) && !pthread_mutex_lock(&mutex));
	over = 1;
	CHECK(!pthread_cond_broadcast(&changed) && !pthread_mutex_unlock(&mutex));
	for (int i = 0; i < count; i++) CHECK(!sem_post(&semaphore) && write(channel[1], "x", 1) == 1);
	CHECK(!pthread_join(joining, 0));
	for (int i = 1; i < count; i++) CHECK(!pthread_join(threads[i], 0));
	CHECK(counted == total && exchanged > 0);
	puts("mixed ok");
	return 0;
}
