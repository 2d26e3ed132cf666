// SPDX-License-Identifier: GPL-3.0-or-later
// A move inside a qsort or bsearch comparator, and inside variadic callbacks.
#include "hop.h"
#include <stdarg.h>

static unsigned comparisons;
static int compare(const void *a, const void *b) {
  if (++comparisons == 500 || comparisons == 900) hop();
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

typedef double (*summer)(int count, ...);
static double sum(int count, ...) {
  va_list list, again;
  va_start(list, count);
  va_copy(again, list);
  double total = 0;
  for (int i = 0; i < count; i++) {
    total += i % 2 ? va_arg(list, double) : va_arg(list, int);
    if (i == count / 2) hop();
  }
  hop();
  for (int i = 0; i < count; i++) total += i % 2 ? va_arg(again, double) : va_arg(again, int);
  va_end(again);
  va_end(list);
  return total;
}
struct big {
  long words[5];
};
static long big_sum(int count, ...) {
  va_list list;
  va_start(list, count);
  long total = 0;
  for (int i = 0; i < count; i++) {
    struct big each = va_arg(list, struct big);
    total += each.words[0] + each.words[4] + va_arg(list, long);
  }
  va_end(list);
  return total;
}
static summer volatile callback = sum;

int main(void) {
  int numbers[300];
  unsigned seed = 1;
  for (int i = 0; i < 300; i++) numbers[i] = (seed = seed * 1103515245 + 12345) >> 8 & 0xffff;
  qsort(numbers, 300, sizeof *numbers, compare);
  for (int i = 1; i < 300; i++) check(numbers[i - 1] <= numbers[i]);
  int key = numbers[77];
  int *found = bsearch(&key, numbers, 300, sizeof *numbers, compare);
  check(found && *found == key);
  printf("%.3f\n", callback(9, 1, 2.5, 3, 4.5, 5, 6.5, 7, 8.5, 9));
  struct big one = {{1, 2, 3, 4, 5}}, two = {{10, 20, 30, 40, 50}};
  printf("%ld\n", big_sum(2, one, 7L, two, 8L));
  return finish("callbacks");
}
