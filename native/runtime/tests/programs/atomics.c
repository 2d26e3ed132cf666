/* SPDX-License-Identifier: 0BSD
 *
 * Atomic objects of all sizes: no update is lost, none is seen half done, and what is published is there.
 */
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>

#include "check.h"

enum { THREADS = 4, ROUNDS = 500 };

typedef struct {
	long a, b;
} pair;

typedef struct {
	long a, b, c;
} triple;

static _Atomic pair two;
static _Atomic triple three;
static _Atomic unsigned __int128 wide;
static _Atomic unsigned char byte;
static _Atomic unsigned short half;
static _Atomic unsigned word, bits;
static _Atomic unsigned long large;
static _Atomic double real;
static atomic_flag flag = ATOMIC_FLAG_INIT;
static long plain;

static void *update(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		pair p = atomic_load(&two), q;
		do {
			CHECK(p.b == 2 * p.a);
			q = (pair){p.a + 1, p.b + 2};
		} while (!atomic_compare_exchange_weak(&two, &p, q));
		triple t = atomic_load(&three), u;
		do {
			CHECK(t.b == t.a && t.c == -t.a);
			u = (triple){t.a + 1, t.b + 1, t.c - 1};
		} while (!atomic_compare_exchange_strong(&three, &t, u));
		wide += ((unsigned __int128)1 << 64) + 1;
		byte++, half++, word++, large++, real += 0.5;
		atomic_fetch_xor(&bits, 1u << i % 32);
		while (atomic_flag_test_and_set_explicit(&flag, memory_order_acquire)) sched_yield();
		plain++;
		atomic_flag_clear_explicit(&flag, memory_order_release);
	}
	return unused;
}

/* Store buffering: with sequential consistency not both can see the other's store missing. */
static atomic_int x[ROUNDS], y[ROUNDS];
static int saw[2][ROUNDS];
static pthread_barrier_t barrier;

static void *first(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (i % 100 == 0) pthread_barrier_wait(&barrier);
		x[i] = 1;
		saw[0][i] = y[i];
	}
	return unused;
}

static void *second(void *unused)
{
	for (int i = 0; i < ROUNDS; i++) {
		if (i % 100 == 0) pthread_barrier_wait(&barrier);
		y[i] = 1;
		saw[1][i] = x[i];
	}
	return unused;
}

/* Message passing. */
static long message;
static atomic_int published;

static void *receive(void *unused)
{
	for (int i = 1; i <= ROUNDS; i++) {
		while (atomic_load_explicit(&published, memory_order_acquire) != i) sched_yield();
		CHECK(message == 3 * i);
		atomic_store_explicit(&published, -i, memory_order_release);
	}
	return unused;
}

int main(void)
{
	pthread_t threads[THREADS];
	for (int i = 0; i < THREADS; i++) CHECK(!pthread_create(&threads[i], 0, update, 0));
	for (int i = 0; i < THREADS; i++) CHECK(!pthread_join(threads[i], 0));
	const long all = THREADS * ROUNDS;
	pair p = atomic_load(&two);
	triple t = atomic_load(&three);
	CHECK(p.a == all && t.c == -all && plain == all);
	CHECK((unsigned long)(wide >> 64) == (unsigned long)all && (unsigned long)wide == (unsigned long)all);
	CHECK(byte == all % 256 && half == all % 65536 && word == all && (long)large == all && real == all / 2.0 && !bits);
	CHECK(atomic_is_lock_free(&large) && !atomic_is_lock_free(&three));

	CHECK(!pthread_barrier_init(&barrier, 0, 2));
	CHECK(!pthread_create(&threads[0], 0, first, 0) && !pthread_create(&threads[1], 0, second, 0));
	CHECK(!pthread_join(threads[0], 0) && !pthread_join(threads[1], 0));
	for (int i = 0; i < ROUNDS; i++) CHECK(saw[0][i] || saw[1][i]);

	CHECK(!pthread_create(&threads[0], 0, receive, 0));
	for (int i = 1; i <= ROUNDS; i++) {
		message = 3 * i;
		atomic_store_explicit(&published, i, memory_order_release);
		while (atomic_load_explicit(&published, memory_order_acquire) != -i) sched_yield();
	}
	CHECK(!pthread_join(threads[0], 0));
	puts("atomics ok");
	return 0;
}
