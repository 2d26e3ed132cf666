// SPDX-License-Identifier: GPL-3.0-or-later
// Threads as programs use them: beginning, ending, waiting, cancelled, interrupted, forking.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MANY = 8, ROUNDS = 2000 };

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static _Thread_local int number;
static int guarded, turn;
static atomic_int counted, waiting, signalled, cleaned, detached;
static sem_t semaphore;
static int channel[2];

static void *counts(void *argument) {
  number = (int)(intptr_t)argument;
  errno = number;
  double sum = 0;
  for (int i = 0; i < ROUNDS; i++) {
    counted++;
    pthread_mutex_lock(&mutex);
    guarded += number;
    pthread_mutex_unlock(&mutex);
    sum += 1.0 / (i + number);
  }
  return (void *)(intptr_t)(errno == number && sum > 1 ? number * 3 : -1);
}

static void *takes_turns(void *argument) {
  int mine = (int)(intptr_t)argument;
  for (int i = 0; i < 100; i++) {
    pthread_mutex_lock(&mutex);
    while (turn != mine) pthread_cond_wait(&changed, &mutex);
    turn = !mine;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
  }
  return NULL;
}

static void count_signal(int signal) { signalled += signal == SIGUSR1 && number == 77; }

static void *interrupted(void *unused) {
  number = 77;
  waiting++;
  char byte;
  while (read(channel[0], &byte, 1) < 0 && errno == EINTR) {}
  return (void *)(intptr_t)byte;
}

static void clean(void *unused) { cleaned++; }

static void *reads(void *unused) {
  char byte;
  pthread_cleanup_push(clean, NULL);
  waiting++;
  read(channel[0], &byte, 1);
  pthread_cleanup_pop(0);
  return NULL;
}

// Told while it computes: it finds out at its next call.
static void *computes(void *argument) {
  atomic_int *told = argument;
  pthread_cleanup_push(clean, NULL);
  waiting++;
  while (!*told) {}
  pause();
  pthread_cleanup_pop(0);
  return NULL;
}

static void *spins(void *unused) {
  pthread_setcanceltype(PTHREAD_CANCEL_ASYNCHRONOUS, &(int){0});
  waiting++;
  for (;;) {}
}

// May not be cancelled at first.
static void *refuses(void *unused) {
  pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &(int){0});
  waiting++;
  char byte = 0;
  read(channel[0], &byte, 1);
  pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, &(int){0});
  cleaned += byte == 'r';
  pthread_testcancel();
  return NULL;
}

static void *leaves(void *unused) {
  detached++;
  sem_post(&semaphore);
  return NULL;
}

static void *forks(void *argument) {
  number = 5;
  int status = 0;
  pid_t child = fork();
  if (!child) _exit(number + (int)(intptr_t)argument);
  waitpid(child, &status, 0);
  return (void *)(intptr_t)WEXITSTATUS(status);
}

static void *outlives(void *argument) {
  pthread_t first = *(pthread_t *)argument;
  void *result;
  printf("join of the first thread: %d\n", pthread_join(first, &result));
  printf("it said %s\n", (char *)result);
  fflush(stdout);
  exit(11);
}

static void cancel(const char *what, void *(*function)(void *), void *argument, atomic_int *told, char byte) {
  pthread_t thread;
  void *result = NULL;
  waiting = cleaned = 0;
  pthread_create(&thread, NULL, function, argument);
  while (!waiting) usleep(1000);
  usleep(20000);
  int failed = pthread_cancel(thread);
  usleep(20000);
  if (told) *told = 1;
  if (byte && write(channel[1], &byte, 1) != 1) abort();
  pthread_join(thread, &result);
  printf("%s: %d, cancelled %d, cleaned up %d\n", what, failed, result == PTHREAD_CANCELED, cleaned);
}

int main(void) {
  pthread_t threads[MANY];
  void *result;
  int sum = 0;
  setvbuf(stdout, NULL, _IONBF, 0);
  number = 1000;
  for (int i = 0; i < MANY; i++) pthread_create(&threads[i], NULL, counts, (void *)(intptr_t)(i + 1));
  for (int i = 0; i < MANY; i++) pthread_join(threads[i], &result), sum += (int)(intptr_t)result;
  printf("counted %d, guarded %d, results %d, own %d\n", counted, guarded, sum, number);

  for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, takes_turns, (void *)(intptr_t)i);
  for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);
  printf("turn %d\n", turn);

  // Stacks are used again: these would not all fit.
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  sem_init(&semaphore, 0, 0);
  for (int i = 0; i < 1000; i++) {
    int failed = pthread_create(&threads[0], &attributes, leaves, NULL);
    if (failed) printf("thread %d: %s\n", i, strerror(failed));
    else sem_wait(&semaphore);
  }
  printf("detached %d\n", detached);

  if (pipe(channel)) return 1;
  struct sigaction action = {.sa_handler = count_signal};
  sigaction(SIGUSR1, &action, NULL);
  waiting = 0;
  pthread_create(&threads[0], NULL, interrupted, NULL);
  while (!waiting) usleep(1000);
  for (int i = 0; i < 3; i++) {
    pthread_kill(threads[0], SIGUSR1);
    while (signalled <= i) usleep(1000);
  }
  if (write(channel[1], "x", 1) != 1) return 1;
  pthread_join(threads[0], &result);
  printf("signalled %d, read %c\n", signalled, (char)(intptr_t)result);

  atomic_int told = 0;
  cancel("in a call", reads, NULL, NULL, 0);
  cancel("before a call", computes, &told, &told, 0);
  cancel("anywhere", spins, NULL, NULL, 0);
  cancel("when it may be", refuses, NULL, NULL, 'r');

  pthread_create(&threads[0], NULL, forks, (void *)6);
  pthread_join(threads[0], &result);
  printf("child of a thread: %d\n", (int)(intptr_t)result);
  pid_t child;
  char *arguments[] = {"sh", "-c", "exit 9", NULL};
  int status = 0, failed = posix_spawn(&child, "/bin/sh", NULL, NULL, arguments, NULL);
  waitpid(child, &status, 0);
  printf("spawned %d, exit %d\n", failed, WEXITSTATUS(status));
  printf("system %d\n", WEXITSTATUS(system("exit 8")));

  pthread_t self = pthread_self();
  pthread_create(&threads[0], NULL, outlives, &self);
  pthread_exit("goodbye");
}
