// SPDX-License-Identifier: GPL-3.0-or-later
// Solves dense linear equations by Gaussian elimination with partial pivoting, in the manner of LINPACK's dgefa and dgesl.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "random.h"

#define SEPARATE __attribute__((noinline))

SEPARATE static void add_scaled(int n, double factor, const double *x, double *y) {
  if (factor == 0) return;
  for (int i = 0; i < n; i++) y[i] += factor * x[i];
}

SEPARATE static void scale(int n, double factor, double *x) {
  for (int i = 0; i < n; i++) x[i] *= factor;
}

SEPARATE static int largest(int n, const double *x) {
  int at = 0;
  for (int i = 1; i < n; i++) if (fabs(x[i]) > fabs(x[at])) at = i;
  return at;
}

static void exchange(double *x, double *y) {
  double kept = *x;
  *x = *y;
  *y = kept;
}

// Columns are contiguous.
static void factorise(int n, double *a, int *pivots) {
  for (int k = 0; k < n - 1; k++) {
    double *column = a + (long)k * n;
    int pivot = pivots[k] = k + largest(n - k, column + k);
    exchange(&column[pivot], &column[k]);
    scale(n - k - 1, -1 / column[k], column + k + 1);
    for (int j = k + 1; j < n; j++) {
      double *other = a + (long)j * n;
      exchange(&other[pivot], &other[k]);
      add_scaled(n - k - 1, other[k], column + k + 1, other + k + 1);
    }
  }
}

static void solve(int n, const double *a, const int *pivots, double *b) {
  for (int k = 0; k < n - 1; k++) {
    exchange(&b[pivots[k]], &b[k]);
    add_scaled(n - k - 1, b[k], a + (long)k * n + k + 1, b + k + 1);
  }
  for (int k = n - 1; k >= 0; k--) {
    b[k] /= a[(long)k * n + k];
    add_scaled(k, -b[k], a + (long)k * n, b);
  }
}

int main(int argc, char **argv) {
  int n = argc > 1 ? atoi(argv[1]) : 500;
  double *a = malloc(sizeof(double) * n * n), *b = malloc(sizeof(double) * n), worst = 0;
  int *pivots = malloc(sizeof(int) * n);
  for (int round = 0; round < 20; round++) {
    for (int i = 0; i < n; i++) b[i] = 0;
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < n; i++) b[i] += a[(long)j * n + i] = (int)(random_number() % 2000) / 1000.0 - 1;
    }
    factorise(n, a, pivots);
    solve(n, a, pivots, b);
    // The right-hand side was made for a solution of ones.
    for (int i = 0; i < n; i++) worst = fmax(worst, fabs(b[i] - 1));
  }
  printf("%.3g %.17g\n", worst, b[n / 2]);
  return worst > 1e-6;
}
