// SPDX-License-Identifier: GPL-3.0-or-later
// timed COMMAND...: runs a command and writes "USER-US SYSTEM-US PEAK-KB STATUS" to file descriptor 3. Node.js gives no rusage of a
// child. Addresses are not randomised: where stacks and heaps happen to lie moves results by percents.
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv) {
  struct rusage used;
  int status;
  if (argc < 2) return 2;
  personality(ADDR_NO_RANDOMIZE);
  pid_t child = fork();
  if (child == 0) {
    close(3);
    execv(argv[1], argv + 1);
    perror(argv[1]);
    _exit(127);
  }
  if (child < 0 || wait4(child, &status, 0, &used) != child) return 1;
  dprintf(3, "%lld %lld %ld %d\n", used.ru_utime.tv_sec * 1000000LL + used.ru_utime.tv_usec,
          used.ru_stime.tv_sec * 1000000LL + used.ru_stime.tv_usec, used.ru_maxrss, status);
  return 0;
}
