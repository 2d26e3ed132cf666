// SPDX-License-Identifier: GPL-3.0-or-later
// An alarm that is pending, an interval timer, and a sleep in progress.
#include "hop.h"
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t alarms, ticks;
static void on_alarm(int signal) { ++*(signal == SIGALRM ? &alarms : &ticks); }

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(void) {
  signal(SIGALRM, on_alarm);
  signal(SIGVTALRM, on_alarm);
  alarm(hops_left() ? 100 : 1);
  hop();
  check(!alarms);
  unsigned left = alarm(hops_left() ? 3 : 1);
  check(left > 0 && left <= 100);
  while (!alarms) pause();
  check(alarms == 1);

  struct itimerval interval = {{0, 20000}, {0, 20000}};
  setitimer(ITIMER_VIRTUAL, &interval, NULL);
  hop();
  int before = ticks;
  for (double start = now(); ticks < before + 3 && now() < start + 20;) {}
  check(ticks >= before + 3);
  setitimer(ITIMER_VIRTUAL, &(struct itimerval){0}, NULL);

  // The test moves us while we sleep; "sleeping" tells it when.
  double length = hops_left() ? 15 : 0.3, start = now();
  fprintf(stderr, "sleeping\n");
  struct timespec wanted = {(time_t)length, (long)((length - (time_t)length) * 1e9)}, rest = {-1, -1};
  int result = nanosleep(&wanted, &rest);
  check(result == 0);
  double slept = now() - start;
  check(slept >= length - 0.05);
  check(slept < length + 60);
  return finish("timers");
}
