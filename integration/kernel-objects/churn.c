// SPDX-License-Identifier: GPL-3.0-or-later
// Bad moments to move: threads that begin and end, children that have just been forked or are about to exit, signals that are
// pending or being handled, all the time. Whatever was begun before a move is finished after it, once.
#define _GNU_SOURCE
#include "holder.h"
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static atomic_int over;
static atomic_ulong begun, ended, forked, reaped, raised, handled;

static void pause_ms(long ms) {
  struct timespec time = {ms / 1000, ms % 1000 * 1000000};
  while (nanosleep(&time, &time)) continue;
}

static void *live_shortly(void *argument) {
  // What a thread has of its own must be there until its end.
  static _Thread_local long mine;
  mine = (long)argument;
  if (mine % 3 == 0) pause_ms(1);
  atomic_fetch_add(&ended, 1);
  return (void *)(mine + 1);
}

static void *make_threads(void *argument) {
  for (long n = 0; !over; n++) {
    pthread_t thread;
    void *result = NULL;
    if (pthread_create(&thread, NULL, live_shortly, (void *)n)) continue;
    atomic_fetch_add(&begun, 1);
    check(pthread_join(thread, &result) == 0 && (long)result == n + 1);
    pause_ms(n % 4);
  }
  return argument;
}

static void *make_children(void *argument) {
  for (int n = 0; !over; n++) {
    pid_t child = fork();
    if (child == 0) {
      if (n % 3 == 0) usleep(3000);
      _exit(n % 100);
    }
    if (child < 0) continue;
    atomic_fetch_add(&forked, 1);
    int status = -1;
    check(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == n % 100);
    atomic_fetch_add(&reaped, 1);
    pause_ms(10);
  }
  return argument;
}

static void on_signal(int signal) {
  (void)signal;
  atomic_fetch_add(&handled, 1);
  for (volatile int i = 0; i < 20000; i++) continue;
}

// Queued one by one: each must be handled exactly once.
static void *raise_signals(void *argument) {
  while (!over) {
    if (sigqueue(getpid(), SIGRTMIN + 2, (union sigval){0}) == 0) atomic_fetch_add(&raised, 1);
    pause_ms(2);
  }
  return argument;
}

int main(void) {
  static void *(*const works[])(void *) = {make_threads, make_children, raise_signals};
  enum { WORKS = sizeof works / sizeof *works };
  pthread_t threads[WORKS];
  sigset_t queued;
  signal(SIGRTMIN + 2, on_signal);
  sigemptyset(&queued);
  sigaddset(&queued, SIGRTMIN + 2);
  // The holder handles them, the others don't.
  pthread_sigmask(SIG_BLOCK, &queued, NULL);
  for (int i = 0; i < WORKS; i++) check(pthread_create(&threads[i], NULL, works[i], NULL) == 0);
  pthread_sigmask(SIG_UNBLOCK, &queued, NULL);
  pause_ms(50);
  hop();
  pause_ms(50);
  hop();
  pause_ms(50);
  over = 1;
  for (int i = 0; i < WORKS; i++) check(pthread_join(threads[i], NULL) == 0);
  check(begun > 3 && begun == ended);
  check(forked > 1 && forked == reaped);
  check(raised > 3 && raised == handled);
  return finish("churn");
}
