/* SPDX-License-Identifier: 0BSD
 *
 * Threads that begin, end, and wait for each other: what POSIX has for that, once each.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fenv.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>

#include "check.h"

enum { MANY = 8, ROUNDS = 200 };

static _Thread_local int local = 42;
static _Thread_local char big_local[4096];

static void *locals(void *argument)
{
	int number = (int)(intptr_t)argument;
	CHECK(local == 42 && !big_local[17]);
	local = number;
	errno = number;
	memset(big_local, number, sizeof big_local);
	CHECK(!fesetround(number & 1 ? FE_UPWARD : FE_TONEAREST));
	struct timespec pause = {0, 1000000};
	nanosleep(&pause, 0);
	CHECK(local == number && big_local[4095] == number);
	CHECK(fegetround() == (number & 1 ? FE_UPWARD : FE_TONEAREST));
	errno = number;
	CHECK(usleep(0) == 0 && errno == number);
	return (void *)(intptr_t)(number * 3);
}

static void begin_and_end(void)
{
	pthread_t threads[MANY];
	void *result;
	for (int i = 0; i < MANY; i++) CHECK(!pthread_create(&threads[i], 0, locals, (void *)(intptr_t)(i + 1)));
	for (int i = 0; i < MANY; i++) CHECK(!pthread_join(threads[i], &result) && (intptr_t)result == 3 * (i + 1));
	CHECK(local == 42);
}

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t filled = PTHREAD_COND_INITIALIZER, emptied = PTHREAD_COND_INITIALIZER;
static int box, sum;

static void *consume(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		CHECK(!pthread_mutex_lock(&mutex));
		while (!box) CHECK(!pthread_cond_wait(&filled, &mutex));
		sum += box;
		box = 0;
		CHECK(!pthread_cond_signal(&emptied) && !pthread_mutex_unlock(&mutex));
	}
	return unused;
}

static void conditions(void)
{
	pthread_t thread;
	CHECK(!pthread_create(&thread, 0, consume, 0));
	for (int i = 1; i <= ROUNDS; i++) {
		CHECK(!pthread_mutex_lock(&mutex));
		while (box) CHECK(!pthread_cond_wait(&emptied, &mutex));
		box = i;
		CHECK(!pthread_cond_signal(&filled) && !pthread_mutex_unlock(&mutex));
	}
	CHECK(!pthread_join(thread, 0) && sum == ROUNDS * (ROUNDS + 1) / 2);

	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += 20000000;
	if (until.tv_nsec >= 1000000000) until.tv_sec++, until.tv_nsec -= 1000000000;
	CHECK(!pthread_mutex_lock(&mutex));
	CHECK(pthread_cond_timedwait(&filled, &mutex, &until) == ETIMEDOUT);
	CHECK(!pthread_mutex_unlock(&mutex));
}

static pthread_barrier_t barrier;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_spinlock_t spin;
static sem_t tokens;
static long shared, spun;
static atomic_long counted, serial;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static int initialised;

static void initialise(void)
{
	initialised++;
}

static void *meet(void *unused)
{
	CHECK(!pthread_once(&once, initialise) && initialised == 1);
	for (int i = 0; i < 20; i++) {
		int r = pthread_barrier_wait(&barrier);
		CHECK(!r || r == PTHREAD_BARRIER_SERIAL_THREAD);
		if (r) serial++;
		CHECK(!pthread_rwlock_wrlock(&lock));
		shared++;
		CHECK(!pthread_rwlock_unlock(&lock) && !pthread_rwlock_rdlock(&lock));
		CHECK(shared > 0 && !pthread_rwlock_unlock(&lock));
		CHECK(!pthread_spin_lock(&spin));
		spun++;
		CHECK(!pthread_spin_unlock(&spin) && !sem_wait(&tokens));
		counted++;
		CHECK(!sem_post(&tokens));
	}
	return unused;
}

static void meetings(void)
{
	pthread_t threads[MANY];
	CHECK(!pthread_barrier_init(&barrier, 0, MANY) && !sem_init(&tokens, 0, 2) && !pthread_spin_init(&spin, 0));
	for (int i = 0; i < MANY; i++) CHECK(!pthread_create(&threads[i], 0, meet, 0));
	for (int i = 0; i < MANY; i++) CHECK(!pthread_join(threads[i], 0));
	CHECK(shared == 20 * MANY && spun == 20 * MANY && counted == 20 * MANY && serial == 20);
}

static pthread_mutex_t robust, recursive, checked, inheriting;

static void *die_holding(void *unused)
{
	CHECK(!pthread_mutex_lock(&robust));
	return unused;
}

static void *try(void *unused)
{
	CHECK(pthread_mutex_trylock(&recursive) == EBUSY && pthread_mutex_trylock(&inheriting) == EBUSY);
	CHECK(!pthread_mutex_lock(&inheriting) && !pthread_mutex_unlock(&inheriting));
	return unused;
}

static void mutexes(void)
{
	pthread_t thread;
	pthread_mutexattr_t attributes;
	CHECK(!pthread_mutexattr_init(&attributes));
	/* User-mode emulators have no robust lists. */
	int unsupported = pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
	CHECK(!unsupported || unsupported == ENOSYS);
	if (!unsupported) {
		CHECK(!pthread_mutex_init(&robust, &attributes));
		CHECK(!pthread_create(&thread, 0, die_holding, 0) && !pthread_join(thread, 0));
		CHECK(pthread_mutex_lock(&robust) == EOWNERDEAD && !pthread_mutex_consistent(&robust) && !pthread_mutex_unlock(&robust));
	}

	CHECK(!pthread_mutexattr_init(&attributes) && !pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE));
	CHECK(!pthread_mutex_init(&recursive, &attributes) && !pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK));
	CHECK(!pthread_mutex_init(&checked, &attributes) && !pthread_mutexattr_init(&attributes));
	CHECK(!pthread_mutexattr_setprotocol(&attributes, PTHREAD_PRIO_INHERIT) && !pthread_mutex_init(&inheriting, &attributes));
	CHECK(!pthread_mutex_lock(&recursive) && !pthread_mutex_lock(&recursive) && !pthread_mutex_lock(&inheriting));
	CHECK(!pthread_create(&thread, 0, try, 0));
	usleep(20000);
	CHECK(!pthread_mutex_unlock(&inheriting) && !pthread_join(thread, 0));
	CHECK(!pthread_mutex_unlock(&recursive) && !pthread_mutex_unlock(&recursive));
	CHECK(!pthread_mutex_lock(&checked) && pthread_mutex_lock(&checked) == EDEADLK && !pthread_mutex_unlock(&checked));
}

static pthread_key_t key;
static atomic_int destroyed;

static void destroy(void *value)
{
	CHECK(value == &destroyed);
	destroyed++;
}

static void *with_key(void *unused)
{
	CHECK(!pthread_getspecific(key) && !pthread_setspecific(key, &destroyed));
	return unused;
}

static atomic_int left;

static void *detached(void *unused)
{
	left++;
	return unused;
}

static jmp_buf first_buffer;

static int deep(int n)
{
	char frame[1000];
	memset(frame, n, sizeof frame);
	int r = n ? deep(n - 1) : 0;
	return r + frame[n % 1000] - (char)n;
}

static void *on_large_stack(void *argument)
{
	char here;
	pthread_attr_t attributes;
	void *low;
	size_t size;
	CHECK(!pthread_getattr_np(pthread_self(), &attributes) && !pthread_attr_getstack(&attributes, &low, &size));
	CHECK(size >= 4 << 20 && &here >= (char *)low && &here < (char *)low + size);
	CHECK(!deep(2000));
	jmp_buf buffer;
	volatile int times = 0;
	if (setjmp(buffer) < 3) longjmp(buffer, ++times);
	CHECK(times == 3);
	return argument;
}

static int c11(void *argument)
{
	thrd_exit(*(int *)argument);
}

static void attributes(void)
{
	pthread_t thread;
	pthread_attr_t attributes;
	char name[16] = "";
	CHECK(!pthread_key_create(&key, destroy));
	for (int i = 0; i < 3; i++) CHECK(!pthread_create(&thread, 0, with_key, 0) && !pthread_join(thread, 0));
	CHECK(destroyed == 3);

	CHECK(!pthread_attr_init(&attributes) && !pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED));
	for (int i = 0; i < 20; i++) CHECK(!pthread_create(&thread, &attributes, detached, 0));
	while (left < 20) usleep(1000);

	CHECK(!setjmp(first_buffer));
	CHECK(!pthread_attr_init(&attributes) && !pthread_attr_setstacksize(&attributes, 4 << 20));
	CHECK(!pthread_create(&thread, &attributes, on_large_stack, &thread));
	void *result;
	CHECK(!pthread_join(thread, &result) && result == &thread);
	CHECK(!pthread_getattr_np(pthread_self(), &attributes));
	void *low;
	size_t size;
	CHECK(!pthread_attr_getstack(&attributes, &low, &size) && (char *)&size >= (char *)low && (char *)&size < (char *)low + size);

	thrd_t c;
	int value = 77, got;
	CHECK(thrd_create(&c, c11, &value) == thrd_success && thrd_join(c, &got) == thrd_success && got == 77);

	CHECK(!pthread_setname_np(pthread_self(), "painter") && !pthread_getname_np(pthread_self(), name, sizeof name));
	CHECK(!strcmp(name, "painter"));
}

int main(void)
{
	begin_and_end();
	conditions();
	meetings();
	mutexes();
	attributes();
	puts("threads ok");
	return 0;
}
