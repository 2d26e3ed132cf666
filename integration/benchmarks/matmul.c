// SPDX-License-Identifier: GPL-3.0-or-later
// Product of two matrices. ikj: the inner loop runs along rows and becomes vector code; ijk: it runs down a column.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "random.h"

__attribute__((noinline)) static void ikj(int n, const double *restrict a, const double *restrict b, double *restrict c) {
  for (int i = 0; i < n; i++) {
    for (int k = 0; k < n; k++) {
      double factor = a[i * n + k];
      for (int j = 0; j < n; j++) c[i * n + j] += factor * b[k * n + j];
    }
  }
}

__attribute__((noinline)) static void ijk(int n, const double *a, const double *b, double *c) {
  for (int i = 0; i < n; i++) {
    for (int j = 0; j < n; j++) {
      double sum = 0;
      for (int k = 0; k < n; k++) sum += a[i * n + k] * b[k * n + j];
      c[i * n + j] += sum;
    }
  }
}

int main(int argc, char **argv) {
  int columns = argc > 1 && strcmp(argv[1], "ijk") == 0;
  int n = argc > 2 ? atoi(argv[2]) : 360;
  int rounds = columns ? 16 : 48;
  double *a = malloc(sizeof(double) * n * n), *b = malloc(sizeof(double) * n * n), *c = calloc(n * n, sizeof(double));
  double sum = 0;
  for (int i = 0; i < n * n; i++) a[i] = random_number() % 100, b[i] = random_number() % 100;
  for (int round = 0; round < rounds; round++) (columns ? ijk : ikj)(n, a, b, c);
  for (int i = 0; i < n * n; i++) sum += c[i] * (i % 7);
  printf("%.17g\n", sum);
  return 0;
}
