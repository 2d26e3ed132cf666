// SPDX-License-Identifier: GPL-3.0-or-later
// More arguments than registers, structs by value and as results, 128-bit integers, computed goto, switch.
#include "hop.h"

struct pair {
  long a;
  double b;
};
struct large {
  long words[9];
};

static long __attribute__((noinline)) integers(long a, int b, char c, long d, long e, long f, short g, long h, long i, long j,
                                               long k, long l, long m, unsigned char n, long o) {
  hop();
  return a + 2 * b + 3 * c + 5 * d + 7 * e + 11 * f + 13 * g + 17 * h + 19 * i + 23 * j + 29 * k + 31 * l + 37 * m + 41 * n + 43 * o;
}
static double __attribute__((noinline)) doubles(double a, double b, float c, double d, double e, double f, double g, double h,
                                                double i, float j, double k) {
  hop();
  return a + 2 * b + 3 * c + 5 * d + 7 * e + 11 * f + 13 * g + 17 * h + 19 * i + 23 * j + 29 * k;
}
static struct pair __attribute__((noinline)) make_pair(struct large value, struct pair other) {
  hop();
  value.words[8] += 1;
  return (struct pair){value.words[8] + other.a, value.words[0] * other.b};
}
static struct large __attribute__((noinline)) make_large(long seed) {
  struct large value;
  for (int i = 0; i < 9; i++) value.words[i] = seed * i;
  if (seed == 3) hop();
  return value;
}
static unsigned __int128 __attribute__((noinline)) power(unsigned __int128 base, unsigned n) {
  unsigned __int128 result = 1;
  for (; n; n--) result *= base;
  hop();
  return result / 7 + result % 1000003;
}
static int __attribute__((noinline)) interpret(const unsigned char *code) {
  static const void *const labels[] = {&&add, &&mul, &&sub, &&move, &&stop};
  int accumulator = 1;
#define next goto *labels[*code++]
  next;
add: accumulator += *code++; next;
mul: accumulator *= *code++; next;
sub: accumulator -= *code++; next;
move: hop(); next;
stop: return accumulator;
}
static long (*volatile indirect)(long, int, char, long, long, long, short, long, long, long, long, long, long, unsigned char, long) =
    integers;

int main(void) {
  printf("%ld\n", integers(1, -2, 3, 4, 5, 6, -7, 8, 9, 10, 11, 12, 13, 200, 15));
  printf("%ld\n", indirect(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1));
  printf("%.6f\n", doubles(1, 2, 3.5f, 4, 5, 6, 7, 8, 9, 10.25f, 11));
  struct pair pair = make_pair(make_large(3), (struct pair){5, 2.5});
  printf("%ld %.3f %ld\n", pair.a, pair.b, make_large(4).words[7]);
  unsigned __int128 wide = power(1000003, 6);
  printf("%016lx%016lx\n", (unsigned long)(wide >> 64), (unsigned long)wide);
  static const unsigned char code[] = {0, 5, 1, 7, 3, 2, 2, 3, 1, 3, 4};
  printf("%d\n", interpret(code));
  return finish("many-arguments");
}
