// SPDX-License-Identifier: GPL-3.0-or-later
// Makes a thread with flags that are computed, and by the function for all system calls.
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv) {
  char *stack = malloc(1 << 16);
  volatile unsigned long flags = 0x10000;
  for (int bit = 8; bit < 12; bit++) flags |= 1ul << bit;
  return syscall(SYS_clone, flags, stack + (1 << 16), 0, 0, 0) < 0;
}
