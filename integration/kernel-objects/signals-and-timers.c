// SPDX-License-Identifier: GPL-3.0-or-later
// Queued real-time signals with their values and order, an alternate signal stack, POSIX timers with what is left of them,
// interval timers.
#define _GNU_SOURCE
#include "holder.h"
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static char alternate[65536];
static int values[8], count;
static volatile sig_atomic_t ticks, timer_value;
static timer_t slow, fast;

static void on_queued(int signal, siginfo_t *info, void *context) {
  (void)context;
  check(info->si_code == SI_QUEUE && info->si_pid == getpid());
  if (count < 8) values[count++] = signal * 1000 + info->si_value.sival_int;
}

static void on_timer(int signal, siginfo_t *info, void *context) {
  char here;
  (void)signal, (void)context;
  check(info->si_code == SI_TIMER);
  check(&here >= alternate && &here < alternate + sizeof alternate);
  timer_value = info->si_value.sival_int;
  ++ticks;
}

static void queue(int signal, int value) { check(sigqueue(getpid(), signal, (union sigval){.sival_int = value}) == 0); }

static void set_up(void) {
  struct sigaction action = {.sa_sigaction = on_queued, .sa_flags = SA_SIGINFO};
  sigset_t set;
  sigemptyset(&set);
  for (int i = 3; i < 5; i++) sigaddset(&set, SIGRTMIN + i);
  // One handler at a time, or the last one would run first.
  action.sa_mask = set;
  for (int i = 3; i < 5; i++) sigaction(SIGRTMIN + i, &action, NULL);
  action = (struct sigaction){.sa_sigaction = on_timer, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigaction(SIGUSR1, &action, NULL);
  sigaddset(&set, SIGUSR2);
  sigprocmask(SIG_BLOCK, &set, NULL);
  stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
  check(sigaltstack(&stack, NULL) == 0);
  struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1, .sigev_value.sival_int = 11};
  check(timer_create(CLOCK_MONOTONIC, &event, &slow) == 0);
  event.sigev_value.sival_int = 22;
  check(timer_create(CLOCK_REALTIME, &event, &fast) == 0);
  struct itimerspec later = {{0, 0}, {4000, 0}}, often = {{0, 20000000}, {0, 20000000}};
  check(timer_settime(slow, 0, &later, NULL) == 0);
  check(timer_settime(fast, 0, &often, NULL) == 0);
  struct itimerval real = {{9, 0}, {3000, 0}};
  check(setitimer(ITIMER_REAL, &real, NULL) == 0);
  queue(SIGRTMIN + 4, 1);
  queue(SIGRTMIN + 3, 2);
  queue(SIGRTMIN + 3, 3);
  raise(SIGUSR2);
}

static void wait_for_ticks(void) {
  sig_atomic_t before = ticks;
  for (int i = 0; i < 2000 && ticks < before + 3; i++) {
    struct timespec nap = {0, 5000000};
    nanosleep(&nap, NULL);
  }
  check(ticks >= before + 3 && timer_value == 22);
}

static void check_all(void) {
  stack_t stack;
  check(sigaltstack(NULL, &stack) == 0 && stack.ss_sp == alternate && stack.ss_size == sizeof alternate);
  wait_for_ticks();
  struct itimerspec left;
  check(timer_gettime(slow, &left) == 0 && left.it_value.tv_sec > 1000 && left.it_value.tv_sec <= 4000);
  check(timer_gettime(fast, &left) == 0 && left.it_interval.tv_nsec == 20000000);
  struct itimerval real;
  check(getitimer(ITIMER_REAL, &real) == 0 && real.it_value.tv_sec > 1000 && real.it_interval.tv_sec == 9);
}

int main(void) {
  set_up();
  hop();
  check_all();
  check(count == 0);
  queue(SIGRTMIN + 3, 4);
  hop();
  check_all();
  sigset_t set;
  sigpending(&set);
  check(sigismember(&set, SIGUSR2) && sigismember(&set, SIGRTMIN + 3) && sigismember(&set, SIGRTMIN + 4));
  signal(SIGUSR2, SIG_IGN);
  sigemptyset(&set);
  sigprocmask(SIG_SETMASK, &set, NULL);
  int low = (SIGRTMIN + 3) * 1000, high = (SIGRTMIN + 4) * 1000;
  check(count == 4);
  // The lower signal first, each in its order.
  check(values[0] == low + 2 && values[1] == low + 3 && values[2] == low + 4 && values[3] == high + 1);
  check(timer_delete(slow) == 0 && timer_delete(fast) == 0);
  return finish("signals-and-timers");
}
