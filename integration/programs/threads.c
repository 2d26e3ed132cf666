// SPDX-License-Identifier: GPL-3.0-or-later
// Threads that wait, compute, sleep and hold things while the process moves, and go on afterwards.
#define _GNU_SOURCE
#include "hop.h"
#include <errno.h>
#include <fenv.h>
#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

enum { WORKERS = 6 };

static _Thread_local int number;
static _Thread_local char note[100];
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static pthread_barrier_t barrier;
static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static sem_t semaphore;
static int channel[2], generation, readers;
static atomic_int waiting, stop;
static atomic_long computed;

static void wait_until(atomic_int *word, int value) {
  while (*word < value) usleep(1000);
}

// All kinds of waits, one after the other; the main thread moves the process during each.
static void *worker(void *argument) {
  number = (int)(intptr_t)argument;
  snprintf(note, sizeof note, "notes of thread %d", number);
  fesetround(number & 1 ? FE_DOWNWARD : FE_UPWARD);
  char expected[100], byte;
  snprintf(expected, sizeof expected, "notes of thread %d", number);

  ++waiting;
  pthread_mutex_lock(&mutex);
  while (!generation) pthread_cond_wait(&changed, &mutex);
  pthread_mutex_unlock(&mutex);
  check(!strcmp(note, expected));

  ++waiting;
  pthread_barrier_wait(&barrier);
  check(fegetround() == (number & 1 ? FE_DOWNWARD : FE_UPWARD));

  ++waiting;
  pthread_rwlock_rdlock(&lock);
  __atomic_add_fetch(&readers, 1, __ATOMIC_SEQ_CST);
  pthread_rwlock_unlock(&lock);

  ++waiting;
  sem_wait(&semaphore);

  ++waiting;
  check(read(channel[0], &byte, 1) == 1 && byte == 'x');
  check(number == (int)(intptr_t)argument && !strcmp(note, expected));
  return (void *)(intptr_t)(number * 7);
}

static void *computes(void *unused) {
  jmp_buf back;
  volatile long i = 0;
  if (setjmp(back) == 1) ++i;
  unsigned long state = 1;
  while (!stop) state = state * 6364136223846793005u + 1442695040888963407u, ++i;
  check(i > 0);
  computed += i;
  static atomic_int jumped;
  if (!jumped++) longjmp(back, 1);
  return unused;
}

static void *sleeps(void *unused) {
  struct timespec from, to, time = {0, 50000000};
  while (!stop) {
    clock_gettime(CLOCK_MONOTONIC, &from);
    check(!nanosleep(&time, 0));
    clock_gettime(CLOCK_MONOTONIC, &to);
    check((to.tv_sec - from.tv_sec) * 1000000000L + to.tv_nsec - from.tv_nsec >= time.tv_nsec);
  }
  return unused;
}

static atomic_int clean;
static void cleanup(void *unused) { ++clean; }

static void *cancelled(void *unused) {
  pthread_cleanup_push(cleanup, 0);
  ++waiting;
  poll(0, 0, -1);
  pthread_cleanup_pop(0);
  return unused;
}

static pthread_key_t key;
static atomic_int destroyed;
static void destroy(void *value) { destroyed += *(int *)value; }

static void *late(void *argument) {
  static int one = 1;
  check(number == 0 && note[0] == 0);
  pthread_setspecific(key, &one);
  return argument;
}

int main(void) {
  pthread_t threads[WORKERS], computing, sleeping, victim, newer;
  pthread_barrier_init(&barrier, 0, WORKERS + 1);
  sem_init(&semaphore, 0, 0);
  check(!pipe(channel) && !pthread_key_create(&key, destroy));
  number = 1000;
  for (int i = 0; i < WORKERS; ++i) check(!pthread_create(&threads[i], 0, worker, (void *)(intptr_t)(i + 1)));
  check(!pthread_create(&computing, 0, computes, 0) && !pthread_create(&sleeping, 0, sleeps, 0));
  check(!pthread_create(&victim, 0, cancelled, 0));

  wait_until(&waiting, WORKERS + 1);
  hop();
  pthread_mutex_lock(&mutex);
  generation = 1;
  pthread_cond_broadcast(&changed);
  pthread_mutex_unlock(&mutex);

  wait_until(&waiting, 2 * WORKERS + 1);
  pthread_rwlock_wrlock(&lock);
  hop();
  pthread_barrier_wait(&barrier);
  wait_until(&waiting, 3 * WORKERS + 1);
  hop();
  check(readers == 0);
  pthread_rwlock_unlock(&lock);

  wait_until(&waiting, 4 * WORKERS + 1);
  hop();
  for (int i = 0; i < WORKERS; ++i) sem_post(&semaphore);

  wait_until(&waiting, 5 * WORKERS + 1);
  void *result;
  check(!pthread_cancel(victim) && !pthread_join(victim, &result) && result == PTHREAD_CANCELED && clean == 1);
  check(!pthread_create(&newer, 0, late, &newer) && !pthread_join(newer, &result) && result == &newer);
  hop();
  check(!pthread_create(&newer, 0, late, &newer) && !pthread_join(newer, &result) && result == &newer);
  check(write(channel[1], "xxxxxx", WORKERS) == WORKERS);
  for (int i = 0; i < WORKERS; ++i) check(!pthread_join(threads[i], &result) && (intptr_t)result == 7 * (i + 1));
  stop = 1;
  check(!pthread_join(computing, 0) && !pthread_join(sleeping, 0));
  check(readers == WORKERS && destroyed == 2 && number == 1000 && computed > 0);
  return finish("threads");
}
