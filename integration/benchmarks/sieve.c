// SPDX-License-Identifier: GPL-3.0-or-later
// The sieve of Eratosthenes: short loops over memory.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv) {
  long size = argc > 1 ? atol(argv[1]) : 1000000;
  char *composite = malloc(size);
  long primes = 0;
  for (int round = 0; round < 300; round++) {
    memset(composite, 0, size);
    for (long i = 2; i < size; i++) {
      if (composite[i]) continue;
      primes += i & 3;
      for (long j = i + i; j < size; j += i) composite[j] = 1;
    }
  }
  printf("%ld\n", primes);
  return 0;
}
