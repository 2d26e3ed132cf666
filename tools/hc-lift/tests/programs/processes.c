// SPDX-License-Identifier: GPL-3.0-or-later
// Processes, signals and jumps as programs use them.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static jmp_buf back;
static sigjmp_buf out;
static volatile int handled, zero;

static void deeper(int n) {
  if (!n) longjmp(back, 7);
  deeper(n - 1);
  printf("not reached %d\n", n);
}

static void count(int signal) { handled += signal; }

static void informed(int signal, siginfo_t *info, void *context) {
  handled += signal + info->si_value.sival_int + (context != NULL);
  raise(SIGUSR1);
}

// Has come back to its own frame before it returns.
static void jump_within(int signal) {
  jmp_buf here;
  volatile int rounds = 0;
  if (setjmp(here) < 3) longjmp(here, ++rounds);
  handled += signal * rounds;
}

static void leave(int signal) { siglongjmp(out, signal); }

int main(int argc, char **argv) {
  if (argc > 1) { // code that nobody can have lifted
    unsigned char *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    code[0] = 0xc3;
    mprotect(code, 4096, PROT_READ | PROT_EXEC);
    ((void (*)(void))code)();
    return 3;
  }
  setvbuf(stdout, NULL, _IONBF, 0);
  printf("longjmp %d\n", setjmp(back) ? 1 : (deeper(30), 0));
  for (volatile int i = 0; i < 100000; i++)
    if (!setjmp(back)) deeper(1); // must not use up a stack

  signal(SIGUSR1, count);
  struct sigaction action = {.sa_sigaction = informed, .sa_flags = SA_SIGINFO};
  sigaction(SIGUSR2, &action, NULL);
  raise(SIGUSR1);
  sigqueue(getpid(), SIGUSR2, (union sigval){.sival_int = 1000});
  printf("handled %d\n", handled);

  signal(SIGUSR2, jump_within);
  handled = 0;
  raise(SIGUSR2);
  printf("a handler that jumps: %d\n", handled);
  signal(SIGFPE, leave);
  signal(SIGSEGV, leave);
  int came = sigsetjmp(out, 1);
  if (!came) printf("%d\n", 12345 / zero);
  printf("division: signal %d\n", came);
  came = sigsetjmp(out, 1);
  if (!came) *(volatile int *)8 = 1;
  printf("bad address: signal %d\n", came);

  pid_t child = fork();
  if (!child) _exit(42);
  int status;
  waitpid(child, &status, 0);
  printf("child %d\n", WEXITSTATUS(status));
  printf("system %d\n", WEXITSTATUS(system("echo from the shell; exit 5")));
  FILE *pipe = popen("echo through a pipe", "r");
  char line[64];
  printf("popen %s", fgets(line, sizeof line, pipe));
  pclose(pipe);
  return 0;
}
