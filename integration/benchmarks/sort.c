// SPDX-License-Identifier: GPL-3.0-or-later
// Sorting: a quicksort with the comparison in line, or the C library's with a callback.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "random.h"

static void insertion_sort(int *a, long n) {
  for (long i = 1; i < n; i++) {
    int value = a[i];
    long at = i;
    for (; at > 0 && a[at - 1] > value; at--) a[at] = a[at - 1];
    a[at] = value;
  }
}

static void swap(int *a, int *b) {
  int kept = *a;
  *a = *b;
  *b = kept;
}

static void quicksort(int *a, long n) {
  while (n > 16) {
    long low = 0, high = n - 1;
    if (a[n / 2] < a[0]) swap(&a[n / 2], &a[0]);
    if (a[n - 1] < a[0]) swap(&a[n - 1], &a[0]);
    if (a[n - 1] < a[n / 2]) swap(&a[n - 1], &a[n / 2]);
    int pivot = a[n / 2];
    while (low <= high) {
      while (a[low] < pivot) low++;
      while (a[high] > pivot) high--;
      if (low <= high) swap(&a[low++], &a[high--]);
    }
    if (high + 1 < n - low) {
      quicksort(a, high + 1);
      a += low;
      n -= low;
    } else {
      quicksort(a + low, n - low);
      n = high + 1;
    }
  }
  insertion_sort(a, n);
}

static int compare(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  int callback = argc > 1 && strcmp(argv[1], "callback") == 0;
  long n = argc > 2 ? atol(argv[2]) : callback ? 250000 : 2000000;
  int *numbers = malloc(n * sizeof *numbers);
  uint32_t sum = 0;
  for (int round = 0; round < 3; round++) {
    for (long i = 0; i < n; i++) numbers[i] = (int)random_number();
    if (callback) qsort(numbers, n, sizeof *numbers, compare);
    else quicksort(numbers, n);
    for (long i = 1; i < n; i++) if (numbers[i - 1] > numbers[i]) return 1;
    for (long i = 0; i < n; i += 997) sum = sum * 31 + (uint32_t)numbers[i];
  }
  printf("%u\n", sum);
  return 0;
}
