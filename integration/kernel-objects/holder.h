// SPDX-License-Identifier: GPL-3.0-or-later
// The holder of the kernel's objects. With THREADS in the environment it is not alone in its process when it hops: other threads
// compute, sleep, wait for a condition, and read.
#pragma once
#include "../programs/hop.h"
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static volatile unsigned long turns;
static pthread_mutex_t holder_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t never = PTHREAD_COND_INITIALIZER;

static void *compute(void *argument) {
  for (;; ++turns)
    if (turns % 200000 == 199999) usleep(20000);
  return argument;
}

static void *sleep_long(void *argument) {
  for (;;) sleep(10000);
  return argument;
}

static void *wait_for_condition(void *argument) {
  pthread_mutex_lock(&holder_mutex);
  for (;;) pthread_cond_wait(&never, &holder_mutex);
  return argument;
}

static void *read_pipe(void *argument) {
  int ends[2];
  char byte;
  if (pipe(ends) == 0)
    while (read(ends[0], &byte, 1)) continue;
  return argument;
}

static void start_threads(void) {
  static void *(*const works[])(void *) = {compute, sleep_long, wait_for_condition, read_pipe};
  sigset_t all, before;
  // Signals are for the holder.
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  for (unsigned i = 0; i < sizeof works / sizeof *works; i++) {
    pthread_t thread;
    check(pthread_create(&thread, NULL, works[i], NULL) == 0);
  }
  pthread_sigmask(SIG_SETMASK, &before, NULL);
}

static void hop_with_threads(void) {
  static int started;
  if (!hops_left() || !getenv("THREADS")) {
    hop();
    return;
  }
  if (!started++) start_threads();
  hop();
  // The others go on as well.
  unsigned long seen = turns;
  for (int i = 0; i < 1000 && turns == seen; i++) usleep(10000);
  check(turns != seen);
}

#define hop hop_with_threads
