// SPDX-License-Identifier: GPL-3.0-or-later
// Code by hand that passes registers otherwise than C does (conventions.S), and C that depends on it.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

long odd_results(long), saved(long), conditional(long), callee_pops(long), left(void), cut_short(long), switch37(long), switch23(long);
double vectors(double), both_ways(double, double, long);
long round_and_round(long, long), other_round(long, long);
long switch_stack(long (*)(long), void *);
int save_context(long *) __attribute__((returns_twice));
_Noreturn void load_context(long *, int);

NOINLINE static long fibonacci(long n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

static long context[8];

// Callee-saved registers must come back through frames that are given up, and from those that go on.
NOINLINE static long deep(long n, long a, long b, long c) {
  if (!n) load_context(context, 5);
  long result = deep(n - 1, a + b, b + c, c + a);
  return result + a * b - c;
}

NOINLINE static long inner(long a, long b, long c, long d, long e) {
  volatile long rounds = 0;
  int came = save_context(context);
  rounds++;
  if (rounds < 4) return deep(6, a, b, c);
  return came * 1000000 + rounds + a + 3 * b + 5 * c + 7 * d + 11 * e;
}

NOINLINE static long outer(long n) {
  long a = n * 3, b = n ^ 5, c = n + 7, d = n * n, e = ~n;
  long result = inner(a, b, c, d, e);
  for (long i = 0; i < 3; i++) result = result * 31 + a + b * 2 + c * 3 + d * 4 + e * 5 + fibonacci(i + 5);
  return result;
}

NOINLINE static double mixed(int count, ...) {
  va_list list;
  va_start(list, count);
  double sum = 0;
  for (int i = 0; i < count; i++) sum += i % 2 ? va_arg(list, double) : (double)va_arg(list, long);
  va_end(list);
  return sum;
}

static double through(double (*f)(int, ...)) { return f(6, 1L, .5, 2L, .25, 3L, .125) + f(1, 7L) + f(0); }

// Some cases lie apart, with what is rarely reached: the table has addresses of two functions, as far as unwind tables tell.
NOINLINE static long decode(unsigned kind, const unsigned char *bytes) {
  long result = 0;
  switch (kind) {
  case 0: memcpy(&result, bytes, 8); break;
  case 1: result = bytes[0]; break;
  case 2: result = bytes[0] | bytes[1] << 8; break;
  case 3: result = bytes[3] * 7; break;
  case 5:
  case 6:
  case 7: abort();
  case 8: result = (signed char)bytes[2]; break;
  case 9: result = bytes[5] - bytes[1]; break;
  case 10: result = -1; break;
  default: abort();
  }
  return result;
}

// An argument that is kept on the stack before it is used.
NOINLINE static long spilled(long n) {
  volatile long kept[2];
  kept[0] = n;
  kept[1] = kept[0] + 1;
  return kept[0] * kept[1];
}
NOINLINE static long spilled_over_call(long a, long b) {
  volatile long first = a, second = b;
  long sum = fibonacci(5);
  return spilled(second) + sum * first;
}

// Only jumped to, and with a jump of its own through a table.
static NOINLINE unsigned long last_bytes(const char *end, unsigned long length) {
  unsigned long sum = length << 56;
  switch (length & 7) {
  case 7: sum |= (unsigned long)end[-7] << 48; // fall through
  case 6: sum |= (unsigned long)end[-6] << 40; // fall through
  case 5: sum ^= (unsigned long)end[-5] << 32; // fall through
  case 4: sum |= (unsigned long)end[-4] << 24; // fall through
  case 3: sum += (unsigned long)end[-3] << 16; // fall through
  case 2: sum |= (unsigned long)end[-2] << 8; // fall through
  case 1: sum ^= (unsigned long)end[-1]; // fall through
  case 0: break;
  }
  return sum;
}

NOINLINE unsigned long ends_with(const char *text) {
  unsigned long length = strlen(text);
  switch (text[0]) {
  case 'p': length = (unsigned long)text[1] * 3; break;
  case 'q': length /= 2; break;
  case 'r': length -= 1; break;
  case 's': length ^= 4; break;
  case 't': length = length * length & 3; break;
  case 'u': length &= 6; break;
  }
  return last_bytes(text + 7, length);
}

int main(void) {
  printf("%ld %ld %ld %ld\n", odd_results(10), saved(6), conditional(2), conditional(3));
  printf("%ld %ld %g\n", callee_pops(21), left(), vectors(1.25));
  printf("%ld %ld\n", cut_short(0), cut_short(5));
  printf("%a %a\n", both_ways(1, 3, 1), both_ways(1, 4, (1L << 60) + 1));
  printf("%lx %lx\n", ends_with("redirected"), ends_with("unknown"));
  printf("%ld %ld %ld\n", switch37(36), switch37(37), switch23(7));
  printf("%ld\n", round_and_round(3000000, 1));
  for (volatile unsigned kind = 0; kind < 11; kind += kind == 3 ? 5 : 1)
    printf("%ld ", decode(kind, (const unsigned char *)"\1\2\310\4\5\6\7\10"));
  long (*volatile pointers[])(long) = {odd_results, saved, conditional, callee_pops, fibonacci, outer};
  for (int i = 0; i < 6; i++) printf("%ld\n", pointers[i](9));
  char *stack = malloc(1 << 16);
  printf("%ld\n", switch_stack(fibonacci, stack + (1 << 16) - 64));
  printf("%ld %ld\n", outer(11), outer(-4));
  printf("%g %g\n", mixed(10, 1L, 1.5, 2L, 2.5, 3L, 3.5, 4L, 4.5, 5L, 5.5), through(mixed));
  printf("%ld %ld\n", spilled(20), spilled_over_call(3, 4));
  return 0;
}
