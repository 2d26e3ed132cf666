// SPDX-License-Identifier: GPL-3.0-or-later
// Kernels for lifted executables: one by its name, and how often to run it. Each costs what lifting makes dear: calls, callbacks,
// allocation, floating point, the C library.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NOINLINE __attribute__((noinline))

NOINLINE static unsigned fibonacci(unsigned n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }
static double fib(void) { return fibonacci(32); }

NOINLINE static int takeuchi(int x, int y, int z) {
  return y < x ? takeuchi(takeuchi(x - 1, y, z), takeuchi(y - 1, z, x), takeuchi(z - 1, x, y)) : z;
}
static double tak(void) { return takeuchi(20, 13, 7) + takeuchi(22, 15, 7) + takeuchi(18, 12, 6); }

struct tree {
  struct tree *left, *right;
};
static struct tree *make(int depth) {
  struct tree *node = malloc(sizeof *node);
  node->left = depth ? make(depth - 1) : NULL;
  node->right = depth ? make(depth - 1) : NULL;
  return node;
}
static int count(const struct tree *node) { return node->left ? 1 + count(node->left) + count(node->right) : 1; }
static void drop(struct tree *node) {
  if (node->left) {
    drop(node->left);
    drop(node->right);
  }
  free(node);
}
static double tree(void) {
  struct tree *root = make(15);
  double nodes = count(root);
  drop(root);
  return nodes;
}

static int place(int n, int row, unsigned columns, unsigned left, unsigned right) {
  if (row == n) return 1;
  int found = 0;
  for (unsigned free = ((1u << n) - 1) & ~(columns | left | right); free;) {
    unsigned bit = free & -free;
    free ^= bit;
    found += place(n, row + 1, columns | bit, (left | bit) << 1, (right | bit) >> 1);
  }
  return found;
}
static double queens(void) { return place(10, 0, 0, 0, 0); }

typedef long operation(long, long);
NOINLINE static long sum(long a, long b) { return a + b; }
NOINLINE static long mix(long a, long b) { return a ^ b; }
NOINLINE static long scale(long a, long b) { return a * 3 - b; }
static operation *volatile operations[] = {sum, mix, scale};
static double pointers(void) {
  long value = 1;
  for (int i = 0; i < 3000000; i++) value = operations[i % 3](value, i);
  return (double)(value & 0xffffff);
}

#define SIDE 120
static double first[SIDE][SIDE], second[SIDE][SIDE], product[SIDE][SIDE];
static double matmul(void) {
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++) first[i][j] = i * .5 + j, second[i][j] = i - j * .25;
  for (int i = 0; i < SIDE; i++)
    for (int j = 0; j < SIDE; j++) {
      double value = 0;
      for (int k = 0; k < SIDE; k++) value += first[i][k] * second[k][j];
      product[i][j] = value;
    }
  return product[17][33];
}

static double nbody(void) {
  double at[5][3], speed[5][3];
  for (int i = 0; i < 5; i++)
    for (int k = 0; k < 3; k++) at[i][k] = i + k * .3, speed[i][k] = .01 * (i - k);
  for (int step = 0; step < 20000; step++) {
    for (int i = 0; i < 5; i++)
      for (int j = i + 1; j < 5; j++) {
        double apart[3], square = 0;
        for (int k = 0; k < 3; k++) apart[k] = at[i][k] - at[j][k], square += apart[k] * apart[k];
        double pull = .001 / (square * sqrt(square) + .01);
        for (int k = 0; k < 3; k++) speed[i][k] -= apart[k] * pull, speed[j][k] += apart[k] * pull;
      }
    for (int i = 0; i < 5; i++)
      for (int k = 0; k < 3; k++) at[i][k] += speed[i][k] * .001;
  }
  return at[2][1];
}

#define LIMIT 400000
static unsigned char composite[LIMIT + 1];
static double sieve(void) {
  memset(composite, 0, sizeof composite);
  long primes = 0;
  for (long i = 2; i <= LIMIT; i++) {
    if (composite[i]) continue;
    primes++;
    for (long j = i * i; j <= LIMIT; j += i) composite[j] = 1;
  }
  return primes;
}

static int compare(const void *a, const void *b) {
  int x = *(const int *)a, y = *(const int *)b;
  return (x > y) - (x < y);
}
static double sort(void) {
  static int values[60000];
  uint32_t state = 1;
  for (int i = 0; i < 60000; i++) values[i] = (int)((state = state * 1664525 + 1013904223) >> 1);
  qsort(values, 60000, sizeof *values, compare);
  return values[30000];
}

static double text(void) {
  char line[64];
  long total = 0;
  for (int i = 0; i < 40000; i++) {
    total += snprintf(line, sizeof line, "key%d-%x %s", i * 7, i, "abc");
    total += line[5];
  }
  return total;
}

static double numbers(void) {
  char line[64];
  long total = 0;
  for (int i = 0; i < 10000; i++) {
    total += snprintf(line, sizeof line, "%g %.3f", i * 1.37, i / 3.0);
    total += line[3];
  }
  return total;
}

static double waves(void) {
  double total = 0;
  for (int i = 0; i < 200000; i++) total += sin(i * .001) * exp(-i * 1e-7);
  return total;
}

struct entry {
  char key[16];
  int hits;
  struct entry *next;
};
static double words(void) {
  static struct entry *table[1024];
  uint32_t state = 1;
  long total = 0;
  for (int i = 0; i < 200000; i++) {
    char key[16] = "k";
    uint32_t number = (state = state * 1664525 + 1013904223) >> 20, hash = 2166136261u;
    for (int j = 1; j < 9; j++, number >>= 1) key[j] = (char)('a' + (number & 7));
    for (const char *c = key; *c; c++) hash = (hash ^ (unsigned char)*c) * 16777619u;
    struct entry **slot = &table[hash % 1024];
    while (*slot && strcmp((*slot)->key, key)) slot = &(*slot)->next;
    if (!*slot) {
      *slot = calloc(1, sizeof **slot);
      strcpy((*slot)->key, key);
    }
    total += (*slot)->hits++;
  }
  return total;
}

static double machine(void) {
  static const unsigned char program[] = {0, 1, 2, 3, 1, 4, 5, 1, 0, 2, 6, 7, 3, 1, 8};
  long a = 1, x = 3, r = 0;
  for (int n = 0; n < 150000; n++)
    for (unsigned i = 0; i < sizeof program; i++) switch (program[i]) {
        case 0: a += x; break;
        case 1: x ^= a; break;
        case 2: a = a * 3 + 1; break;
        case 3: x >>= 1; break;
        case 4: a -= x; break;
        case 5: x += 7; break;
        case 6: a ^= a >> 3; break;
        case 7: r += a & 15; break;
        case 8: x = a & 0xffff; break;
        default: return -1;
      }
  return (double)((a ^ x ^ r) & 0xffffff);
}

static const struct kernel {
  const char *name;
  double (*run)(void);
} kernels[] = {
    {"fib", fib},     {"tak", tak},     {"tree", tree}, {"queens", queens}, {"pointers", pointers}, {"matmul", matmul},
    {"nbody", nbody}, {"sieve", sieve}, {"sort", sort}, {"text", text},     {"numbers", numbers},   {"waves", waves},
    {"words", words}, {"machine", machine},
};

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  for (unsigned i = 0; i < sizeof kernels / sizeof *kernels; i++) {
    if (strcmp(argv[1], kernels[i].name)) continue;
    double result = 0;
    for (int n = atoi(argv[2]); n > 0; n--) result += kernels[i].run();
    printf("%s %.9g\n", argv[1], result);
    return 0;
  }
  return 2;
}
