// SPDX-License-Identifier: GPL-3.0-or-later
// Calls and almost nothing else: the dearest case for frames that live in memory.
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static long fib(long n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int main(int argc, char **argv) {
  printf("%ld\n", fib(argc > 1 ? atol(argv[1]) : 41));
  return 0;
}
