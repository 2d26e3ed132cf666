// SPDX-License-Identifier: GPL-3.0-or-later
// Function pointers in tables, in the heap and as values, library functions among them; comparisons of them.
#include "hop.h"
#include <ctype.h>
#include <math.h>

typedef int (*step)(int);
static int twice(int x) { return 2 * x; }
static int square(int x) {
  hop();
  return x * x;
}
static int negate(int x) { return -x; }
static const step table[] = {twice, square, negate, toupper, abs};
static double (*volatile function)(double) = sqrt;
static void *(*volatile copy)(void *, const void *, size_t) = memcpy;

int main(void) {
  step *heap = malloc(sizeof table);
  memcpy(heap, table, sizeof table);
  long total = 0;
  for (int i = 0; i < 5; i++) {
    step before = heap[i];
    total = total * 7 + heap[i]('a' + i);
    check(before == table[i]);
  }
  printf("%ld\n", total);
  hop();
  check(heap[3] == toupper && heap[1] == square && function == sqrt);
  char text[8];
  copy(text, "moved", 6);
  printf("%s %.3f\n", text, function(2));
  return finish("function-pointers");
}
