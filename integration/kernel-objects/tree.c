// SPDX-License-Identifier: GPL-3.0-or-later
// A tree of processes: a session of its own, process groups, a grandchild, pipes and a socket between members, shared memory,
// and one that has ended but was not waited for. All of them are asked who they are after each move.
#define _GNU_SOURCE
#include "holder.h"
#include <errno.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct member {
  pid_t pid, parent, session, group;
};

static int asked[2], answered[2], channel[2];
static volatile int *board;

static struct member self(void) { return (struct member){getpid(), getppid(), getsid(0), getpgid(0)}; }

// Answers each byte with who it is, until the pipe ends.
static void serve(int from, int to) {
  char byte;
  while (read(from, &byte, 1) == 1) {
    struct member me = self();
    ++*board;
    if (write(to, &me, sizeof me) != sizeof me) _exit(2);
  }
  _exit(3);
}

static void be_child(void) {
  setsid();
  close(asked[1]);
  close(channel[0]);
  pid_t grandchild = fork();
  if (grandchild == 0) {
    setpgid(0, 0);
    close(asked[0]);
    serve(channel[1], channel[1]);
  }
  setpgid(grandchild, grandchild);
  close(channel[1]);
  serve(asked[0], answered[1]);
}

static struct member ask(int to, int from) {
  struct member answer = {0};
  check(write(to, "?", 1) == 1);
  check(read(from, &answer, sizeof answer) == sizeof answer);
  return answer;
}

static int same(struct member a, struct member b) { return !memcmp(&a, &b, sizeof a); }

int main(void) {
  check(pipe(asked) == 0 && pipe(answered) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, channel) == 0);
  board = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  fflush(stdout);
  pid_t child = fork();
  if (child == 0) be_child();
  pid_t ended = fork();
  if (ended == 0) _exit(42);
  siginfo_t info;
  check(waitid(P_PID, ended, &info, WEXITED | WNOWAIT) == 0 && info.si_status == 42);
  close(asked[0]);
  close(answered[1]);
  close(channel[1]);
  struct member me = self();
  struct member first = ask(asked[1], answered[0]), second = ask(channel[0], channel[0]);
  check(first.pid == child && first.parent == getpid() && first.session == child && first.group == child);
  check(second.parent == child && second.session == child && second.group == second.pid);

  for (int round = 1; round <= 2; round++) {
    hop();
    check(same(self(), me));
    check(same(ask(asked[1], answered[0]), first));
    check(same(ask(channel[0], channel[0]), second));
    check(*board == 2 * (round + 1));
  }

  int status = 0;
  check(waitpid(ended, &status, 0) == ended && WIFEXITED(status) && WEXITSTATUS(status) == 42);
  close(asked[1]);
  close(channel[0]);
  check(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 3);
  return finish("tree");
}
