// SPDX-License-Identifier: GPL-3.0-or-later
// Doubles, floats and 128-bit vectors that are live across a move.
#include "hop.h"

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
  printf("%.12Lg\n", wide / 3);
  return finish("floating-point");
}
