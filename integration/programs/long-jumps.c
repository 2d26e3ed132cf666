// SPDX-License-Identifier: GPL-3.0-or-later
// setjmp before a move, longjmp after it; out of nested calls and of loops; with and without the signal mask.
#include "hop.h"
#include <setjmp.h>
#include <signal.h>

static jmp_buf outer;
static sigjmp_buf masked;

static void descend(int depth, int value) {
  if (depth == 0) longjmp(outer, value);
  char pad[depth * 8];
  memset(pad, depth, sizeof pad);
  descend(depth - 1, value);
  printf("unreachable %d\n", pad[0]);
}

static int attempt(volatile int *counter) {
  volatile int local = 5;
  int value = setjmp(outer);
  if (value) {
    check(local == 6 + *counter);
    return value;
  }
  local = 6 + *counter;
  hop();
  descend(20, 40 + *counter);
  return -1;
}

int main(void) {
  volatile int counter;
  for (counter = 0; counter < 3; counter++) printf("%d\n", attempt(&counter));
  sigset_t set;
  sigemptyset(&set);
  volatile int rounds = 0;
  if (sigsetjmp(masked, 1) == 0 || rounds < 3) {
    ++rounds;
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    hop();
    siglongjmp(masked, rounds);
  }
  sigprocmask(SIG_BLOCK, NULL, &set);
  check(!sigismember(&set, SIGUSR1));
  printf("%d\n", rounds);
  return finish("long-jumps");
}
