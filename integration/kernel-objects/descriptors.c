// SPDX-License-Identifier: GPL-3.0-or-later
// Descriptors that the kernel keeps for the process: pipes with something in them, an unlinked FIFO, eventfd, timerfd, signalfd,
// epoll with what it watches and for whom.
#define _GNU_SOURCE
#include "holder.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

static int ends[2], small[2], fifo, counter, timer, signals, poller;

static void set_up(void) {
  check(pipe2(ends, O_NONBLOCK) == 0);
  check(pipe(small) == 0);
  check(fcntl(small[1], F_SETPIPE_SZ, 4096) == 4096);
  check(write(ends[1], "held in the pipe", 16) == 16);
  char path[] = "/tmp/hc-descriptors-XXXXXX";
  close(mkstemp(path));
  unlink(path);
  check(mkfifo(path, 0600) == 0);
  fifo = open(path, O_RDWR | O_NONBLOCK);
  check(fifo >= 0);
  unlink(path);
  check(write(fifo, "fifo", 4) == 4);
  counter = eventfd(40, EFD_NONBLOCK);
  timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
  struct itimerspec times = {.it_value = {5000, 0}, .it_interval = {0, 1000000}};
  check(timerfd_settime(timer, 0, &times, NULL) == 0);
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  raise(SIGUSR1);
  poller = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event events[] = {
      {.events = EPOLLIN, .data.u64 = 0x123456789abcdef0},
      {.events = EPOLLIN | EPOLLET, .data.u64 = 2},
      {.events = EPOLLIN | EPOLLONESHOT, .data.u64 = 3},
  };
  check(epoll_ctl(poller, EPOLL_CTL_ADD, ends[0], &events[0]) == 0);
  check(epoll_ctl(poller, EPOLL_CTL_ADD, timer, &events[1]) == 0);
  check(epoll_ctl(poller, EPOLL_CTL_ADD, signals, &events[2]) == 0);
}

int main(void) {
  set_up();
  hop();

  char text[32] = "";
  check(read(ends[0], text, sizeof text) == 16 && !memcmp(text, "held in the pipe", 16));
  check(read(ends[0], text, 1) == -1 && errno == EAGAIN);
  check(fcntl(small[1], F_GETPIPE_SZ) == 4096);
  check(fcntl(small[0], F_GETFL) == O_RDONLY);
  check(read(fifo, text, sizeof text) == 4 && !memcmp(text, "fifo", 4));
  uint64_t value = 2;
  check(write(counter, &value, sizeof value) == sizeof value);
  struct signalfd_siginfo info;
  check(read(signals, &info, sizeof info) == sizeof info && info.ssi_signo == SIGUSR1);
  check(fcntl(signals, F_GETFD) == FD_CLOEXEC);
  struct epoll_event ready[4];
  int n = epoll_wait(poller, ready, 4, 0);
  for (int i = 0; i < n; i++) check(ready[i].data.u64 != 0x123456789abcdef0);
  check(write(ends[1], "again", 5) == 5);
  check(write(fifo, "second", 6) == 6);
  struct itimerspec left;
  check(timerfd_gettime(timer, &left) == 0);
  check(left.it_value.tv_sec > 1000 && left.it_value.tv_sec <= 5000);
  check(left.it_interval.tv_nsec == 1000000);
  struct itimerspec soon = {.it_value = {0, 1000000}};
  check(timerfd_settime(timer, 0, &soon, NULL) == 0);

  hop();

  check(read(counter, &value, sizeof value) == sizeof value && value == 42);
  int seen = 0;
  for (int round = 0; round < 50 && seen != 3; round++) {
    n = epoll_wait(poller, ready, 4, 1000);
    usleep(2000); // the pipe is ready all the time
    for (int i = 0; i < n; i++) {
      if (ready[i].data.u64 == 0x123456789abcdef0) seen |= 1;
      if (ready[i].data.u64 == 2) seen |= 2;
    }
  }
  check(seen == 3);
  check(read(timer, &value, sizeof value) == sizeof value && value == 1);
  check(read(ends[0], text, sizeof text) == 5);
  check(read(fifo, text, sizeof text) == 6 && !memcmp(text, "second", 6));
  return finish("descriptors");
}
