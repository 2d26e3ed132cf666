/* SPDX-License-Identifier: 0BSD */
#include "support.h"

#include "canonical.h"

static void polls(void) {
  int ends[2];
  CALL(pipe, ends);
  struct poll_descriptor wanted[2] = {{ends[0], 1, 0}, {ends[1], 4, 0}};
  say("poll", CALL(poll, wanted, 2, -1));
  say("  writable", wanted[1].revents);
  say("poll, timeout", CALL(poll, wanted, 1, 20));
  CALL(write, ends[1], "x", 1);
  say("poll, readable", CALL(poll, wanted, 1, 1000));
  say("  events", wanted[0].revents);

  unsigned long readable[16] = {1ul << ends[0]};
  struct timeval timeout = {5, 500000};
  say("select", CALL(select, ends[0] + 1, readable, 0, 0, &timeout));
  say("  set", readable[0] == 1ul << ends[0]);
  CHECK(timeout.seconds == 5 && timeout.microseconds > 0 && timeout.microseconds <= 500000);
  CALL(read, ends[0], &wanted, 1);
  timeout = (struct timeval){0, 20000};
  say("select, timeout", CALL(select, ends[0] + 1, readable, 0, 0, &timeout));
  say("  set", readable[0]);
  say("  left", timeout.seconds + timeout.microseconds);
  timeout = (struct timeval){0, -1};
  say("select, bad", CALL(select, 0, 0, 0, 0, &timeout));
  timeout = (struct timeval){-1, 2500000};
  timeout.seconds = 0;
  CALL(write, ends[1], "x", 1);
  readable[0] = 1ul << ends[0];
  say("select, more than a second in microseconds", CALL(select, ends[0] + 1, readable, 0, 0, &timeout));
  CHECK(timeout.seconds >= 1);
  CALL(close, ends[0]);
  CALL(close, ends[1]);
}

static void waits_for_events(long epoll) {
  struct canonical_epoll_event events[5];
  long fds[4];
  unsigned long seen = 0;
  for (int i = 0; i < 4; i++) {
    fds[i] = i % 2 ? CALL(eventfd, i) : CALL(eventfd2, i + 1, O_NONBLOCK);
    events[0] = (struct canonical_epoll_event){1, 0x1234567800000001ul << i};
    say("add", CALL(epoll_ctl, epoll, 1, fds[i], &events[0]));
  }
  for (unsigned i = 0; i < sizeof events; i++) ((char *)events)[i] = 0x55;
  long count = CALL(epoll_wait, epoll, events, 1, 100);
  say("one", count);
  say("  data", events[0].data);
  say("  guard", *(unsigned char *)&events[1]);
  for (int times = 0; times < 8; times++) {
    struct timespec soon = {1, 0};
    count = -ENOSYS;
    if (times % 4 == 3) count = CALL(epoll_pwait2, epoll, (char *)events + times % 2, 4, &soon, 0, 8);
    if (count == -ENOSYS) count = CALL(epoll_pwait, epoll, (char *)events + times % 2, 4, 100, 0, 8);
    CHECK(count >= 1 && count <= 4);
    const struct canonical_epoll_event *at = (void *)((char *)events + times % 2);
    for (long i = 0; i < count; i++) {
      CHECK(at[i].events == 1);
      seen |= at[i].data;
    }
  }
  say("seen", seen);
  say("  guard", ((unsigned char *)&events[4])[1]);
  for (int i = 0; i < 4; i++) {
    say("delete", CALL(epoll_ctl, epoll, 2, fds[i], 0));
    CALL(close, fds[i]);
  }
  say("nothing", CALL(epoll_wait, epoll, events, 5, 0));
  say("no room", CALL(epoll_wait, epoll, events, 0, 0));
  CALL(close, epoll);
}

static void takes_signals(void) {
  unsigned long mask = 1ul << (SIGALRM - 1);
  struct timespec soon = {5, 0};
  char information[128];
  say("block", CALL(rt_sigprocmask, 0, &mask, 0, 8));
  say("alarm", CALL(alarm, 10));
  say("alarm again", CALL(alarm, 0));
  say("no alarm", CALL(alarm, 0));
  long fd = CALL(signalfd, -1, &mask, 8);
  CHECK(fd >= 0);
  CALL(kill, CALL(getpid), SIGALRM);
  say("signalfd", CALL(read, fd, information, 128));
  say("  signal", information[0]);
  CALL(alarm, 1);
  say("timed wait", CALL(rt_sigtimedwait, &mask, information, &soon, 8));
  say("  signal", information[0]);
  CALL(close, fd);
}

void run(void) {
  polls();
  say("size 0", CALL(epoll_create, 0));
  waits_for_events(CALL(epoll_create, 10));
  waits_for_events(CALL(epoll_create1, O_CLOEXEC));
  takes_signals();
  say("inotify_init", CALL(close, CALL(inotify_init)));
}
