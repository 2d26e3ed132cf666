// SPDX-License-Identifier: GPL-3.0-or-later
// Variable-length arrays and alloca, nested, aligned and freed, with a move between.
#include "hop.h"
#include <alloca.h>
#include <stdint.h>

static long fill(int n) {
  int first[n];
  long total = 0;
  for (int round = 1; round <= 3; round++) {
    double second[n + round];
    char *third = alloca(round * 10);
    for (int i = 0; i < n; i++) first[i] = i * round;
    for (int i = 0; i < n + round; i++) second[i] = i / 2.0;
    memset(third, 'a' + round, round * 10 - 1);
    third[round * 10 - 1] = 0;
    if (round == 2) hop();
    for (int i = 0; i < n; i++) total += first[i];
    for (int i = 0; i < n + round; i++) total += (long)(second[i] * 2);
    total += strlen(third);
  }
  return n > 3 ? total + fill(n / 2) : total;
}

int main(void) {
  printf("%ld\n", fill(100));
  struct {
    _Alignas(64) char bytes[100];
  } aligned;
  check(((uintptr_t)&aligned & 63) == 0);
  memset(&aligned, 7, sizeof aligned);
  hop();
  check(aligned.bytes[99] == 7);
  return finish("variable-arrays");
}
