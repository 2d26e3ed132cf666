// SPDX-License-Identifier: GPL-3.0-or-later
// Handlers: nested, with siginfo, on an alternate stack, jumping out, interrupting a read; stack overflow is a SIGSEGV.
#include "hop.h"
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <unistd.h>

static volatile sig_atomic_t depth, deepest, value;
static sigjmp_buf back;

static void nested(int signal) {
  if (++depth > deepest) deepest = depth;
  if (signal == SIGUSR1) raise(SIGUSR2);
  char text[64];
  snprintf(text, sizeof text, "handler of %d", signal);
  value += strlen(text);
  --depth;
}

static void with_info(int signal, siginfo_t *info, void *context) {
  check(info->si_signo == signal && info->si_code == SI_QUEUE);
  value = info->si_value.sival_int;
  check(context != NULL);
}

static char alternate[65536];
static void on_alternate(int signal) {
  char local;
  check(&local >= alternate && &local < alternate + sizeof alternate);
  value = signal;
}

static void jump_out(int signal) { siglongjmp(back, signal); }

static volatile int sink;
static int overflow(int n) {
  volatile char page[1024];
  page[n % 1024] = n;
  sink += page[0];
  return overflow(n + 1) + page[n % 1024];
}

static void on_alarm(int signal) { (void)signal; }

int main(void) {
  signal(SIGUSR1, nested);
  signal(SIGUSR2, nested);
  raise(SIGUSR1);
  check(deepest == 2 && depth == 0);
  hop();
  raise(SIGUSR1);
  check(deepest == 2);
  printf("%d\n", value);

  struct sigaction action = {.sa_sigaction = with_info, .sa_flags = SA_SIGINFO};
  sigaction(SIGRTMIN + 2, &action, NULL);
  hop();
  sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = 12345});
  check(value == 12345);

  stack_t stack = {.ss_sp = alternate, .ss_size = sizeof alternate};
  check(sigaltstack(&stack, NULL) == 0);
  action = (struct sigaction){.sa_handler = on_alternate, .sa_flags = SA_ONSTACK};
  sigaction(SIGHUP, &action, NULL);
  hop();
  raise(SIGHUP);
  check(value == SIGHUP);

  action = (struct sigaction){.sa_handler = jump_out, .sa_flags = SA_ONSTACK};
  sigaction(SIGSEGV, &action, NULL);
  for (volatile int round = 0; round < 3; round++) {
    int caught = sigsetjmp(back, 1);
    if (!caught) {
      hop();
      overflow(0);
      check(0);
    }
    check(caught == SIGSEGV);
  }

  // Without SA_RESTART an interrupted call fails with EINTR.
  int ends[2];
  check(pipe(ends) == 0);
  action = (struct sigaction){.sa_handler = on_alarm};
  sigaction(SIGALRM, &action, NULL);
  alarm(1);
  char byte;
  check(read(ends[0], &byte, 1) == -1 && errno == EINTR);
  return finish("signals");
}
