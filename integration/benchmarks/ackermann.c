// SPDX-License-Identifier: GPL-3.0-or-later
// Deep recursion: tens of thousands of frames at a time.
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static int ackermann(int m, int n) {
  if (m == 0) return n + 1;
  if (n == 0) return ackermann(m - 1, 1);
  return ackermann(m - 1, ackermann(m, n - 1));
}

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 12;
  printf("%d\n", ackermann(3, n));
  return 0;
}
