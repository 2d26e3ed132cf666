/* SPDX-License-Identifier: 0BSD
 *
 * Cancellation: in and before blocking calls, of threads that compute, masked, deferred and at once.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

static int channel[2];
static sem_t semaphore;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;
static atomic_int cleaned, ready;

static void clean(void *argument)
{
	CHECK(argument == &cleaned);
	cleaned++;
}

static void in_read(void)
{
	char byte;
	read(channel[0], &byte, 1);
}

static void in_poll(void) { poll(0, 0, -1); }
static void in_sleep(void) { sleep(1000); }
static void in_semaphore(void) { sem_wait(&semaphore); }
static void in_sigwait(void) { sigset_t set; int got; sigemptyset(&set); sigaddset(&set, SIGUSR2); sigwait(&set, &got); }

static void unlock(void *mutex)
{
	CHECK(!pthread_mutex_unlock(mutex));
}

static void in_condition(void)
{
	CHECK(!pthread_mutex_lock(&mutex));
	pthread_cleanup_push(unlock, &mutex);
	pthread_cond_wait(&never, &mutex);
	pthread_cleanup_pop(1);
}

static void computing(void)
{
	for (;;) pthread_testcancel();
}

/* A lock is no cancellation point, and what is stored there waits for the next one. */
static void behind_a_lock(void)
{
	CHECK(!pthread_mutex_lock(&mutex) && !pthread_mutex_unlock(&mutex));
	pause();
}

static void masked(void)
{
	char byte;
	int old;
	CHECK(!pthread_setcancelstate(2 /* musl's PTHREAD_CANCEL_MASKED */, &old) && old == PTHREAD_CANCEL_ENABLE);
	CHECK(read(channel[0], &byte, 1) == -1 && errno == ECANCELED);
	CHECK(!pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old) && old == PTHREAD_CANCEL_DISABLE);
	pthread_testcancel();
}

static void disabled(void)
{
	int old;
	struct timespec little = {0, 50000000};
	CHECK(!pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &old));
	CHECK(!nanosleep(&little, 0));
	CHECK(!pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &old));
	pthread_testcancel();
}

static volatile int forever = 1;
static void at_once(void)
{
	CHECK(!pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, 0));
	while (forever) {}
}

static void by_itself(void)
{
	CHECK(!pthread_cancel(pthread_self()));
	pthread_testcancel();
}

static void ignore(int signal) {}

/* A handler that the kernel resumes the call after. */
static void after_a_handler(void)
{
	CHECK(!pthread_kill(pthread_self(), SIGUSR1));
	in_read();
}

static void (*const places[])(void) = {
	in_read, in_poll, in_sleep, in_semaphore, in_sigwait, in_condition, computing, masked, disabled, at_once, by_itself,
	after_a_handler, behind_a_lock,
};

static void *run(void *place)
{
	pthread_cleanup_push(clean, &cleaned);
	ready++;
	((void (*)(void))place)();
	CHECK(0);
	pthread_cleanup_pop(0);
	return 0;
}

/* Signals and cancellation race with entering and leaving the call. */
static void *races(void *unused)
{
	struct timespec little = {0, 1000};
	pthread_cleanup_push(clean, &cleaned);
	ready++;
	for (;;) nanosleep(&little, 0);
	pthread_cleanup_pop(0);
	return unused;
}

static void cancel(pthread_t thread)
{
	void *result;
	CHECK(!pthread_cancel(thread));
	CHECK(!pthread_join(thread, &result) && result == PTHREAD_CANCELED);
}

int main(void)
{
	pthread_t thread;
	int expected = 0;
	struct sigaction action = {.sa_handler = ignore, .sa_flags = SA_RESTART};
	CHECK(!pipe(channel) && !sem_init(&semaphore, 0, 0) && !sigaction(SIGUSR1, &action, 0));
	for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
		for (int early = 0; early < 2; early++) {
			if (places[i] == at_once && early) continue; /* before its type is set it has to come to a point by itself */
			CHECK(!pthread_mutex_lock(&mutex));
			ready = 0;
			CHECK(!pthread_create(&thread, 0, run, places[i]));
			if (places[i] != behind_a_lock) CHECK(!pthread_mutex_unlock(&mutex));
			while (!ready) sched_yield();
			if (!early) usleep(20000);
			if (places[i] == behind_a_lock) {
				CHECK(!pthread_cancel(thread));
				usleep(10000);
				CHECK(!pthread_mutex_unlock(&mutex));
			}
			cancel(thread);
			CHECK(cleaned == ++expected);
		}
	}
	for (int i = 0; i < 200; i++) {
		CHECK(!pthread_create(&thread, 0, races, 0));
		for (int k = 0; k < i % 7; k++) sched_yield();
		CHECK(!pthread_kill(thread, SIGUSR1));
		cancel(thread);
	}
	puts("cancel ok");
	return 0;
}
