// SPDX-License-Identifier: GPL-3.0-or-later
// Doubles, floats, long doubles and 128-bit vectors that are live across a move.
#include "hop.h"
#include <stdarg.h>

typedef float float4 __attribute__((vector_size(16)));
typedef int int4 __attribute__((vector_size(16)));

static float4 __attribute__((noinline)) work(float4 a, int4 b, double d, float f) {
  float4 scaled = a * (float)d;
  int4 shifted = b << 1;
  hop();
  for (int i = 0; i < 4; i++) scaled[i] += (float)shifted[i] * f;
  hop();
  return scaled;
}

static long double shared;

// A long double in a frame, in a variable argument list and in memory.
static long double __attribute__((noinline)) total(int moves, int count, ...) {
  va_list list;
  long double sum = shared = 1.0L / 3;
  va_start(list, count);
  for (int i = 0; i < count; i++) {
    long double next = va_arg(list, long double);
    if (moves) hop();
    sum = sum * next + i;
    shared /= next;
  }
  va_end(list);
  return sum * shared;
}

int main(void) {
  double sum = 0, product = 1;
  for (int i = 1; i < 2000; i++) {
    sum += 1.0 / i;
    product *= 1.0 + 1.0 / ((double)i * i);
  }
  float4 result = work((float4){1, 2, 3, 4}, (int4){-1, 5, 7, 1 << 20}, product, 0.5f);
  printf("%.17g %.17g\n", sum, product);
  for (int i = 0; i < 4; i++) printf("%.9g ", result[i]);
  printf("\n");
  long double wide = sum;
  // All bits of it; an ordinary build, which prints the reference, has fewer.
  long double third = wide / 3, stayed = total(0, 3, wide, third, wide * wide), moved = total(1, 3, wide, third, wide * wide);
  check(moved == stayed && third * 3 - wide < 1e-18L);
  printf("%.17Lg %.17Lg %.17Lg\n", third, moved, shared);
  return finish("floating-point");
}
