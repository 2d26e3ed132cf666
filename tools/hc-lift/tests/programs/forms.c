// SPDX-License-Identifier: GPL-3.0-or-later
// Runs every instruction form with operands at random and prints a hash of the results for each.
#include "forms.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t state;

// xorshift64*
static uint64_t next(void) {
  state ^= state >> 12;
  state ^= state << 25;
  state ^= state >> 27;
  return state * 0x2545f4914f6cdd1dull;
}

static const uint64_t corners[] = {0, 1, 2, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0x7fffffff, 0x80000000, 0xffffffff,
                                   0x7fffffffffffffff, 0x8000000000000000, 0xffffffffffffffff, 0xfffffffffffffffe};

static uint64_t integer(void) {
  uint64_t choice = next();
  if (choice % 4 == 0) return corners[choice / 4 % (sizeof corners / sizeof *corners)];
  return choice % 4 == 1 ? next() >> (choice / 4 % 64) : next();
}

static const double reals[] = {0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 1e300, -1e-300, 4e-320, 2147483647.5, -2147483648.0,
                               9.3e18, 1e10, 3.25, 0.1, __builtin_inf(), -__builtin_inf(), __builtin_nan("")};

static double real(void) {
  uint64_t choice = next();
  if (choice % 3 == 0) return reals[choice / 3 % (sizeof reals / sizeof *reals)];
  return ((double)(int64_t)next()) * (choice & 8 ? 0x1p-70 : 0x1p-40);
}

static void fill(struct registers *r, unsigned compared) {
  uint64_t *words = (uint64_t *)r;
  for (unsigned i = 0; i < 8; ++i) words[i] = integer();
  r->flags = (next() & ALL) | FIXED_FLAGS;
  for (unsigned i = 0; i < 8; ++i) {
    uint64_t word = integer();
    double value = real();
    float pair[2] = {(float)value, (float)real()};
    if (compared == DOUBLES || (compared == EXACT && next() % 2)) memcpy(&word, &value, 8);
    if (compared == SINGLES || (compared == EXACT && next() % 4 == 0)) memcpy(&word, pair, 8);
    r->vectors[i / 2][i % 2] = word;
  }
  for (unsigned i = 0; i < sizeof r->memory; ++i) r->memory[i] = (uint8_t)next();
  if (compared != X87) return;
  double values[2] = {real(), real()};
  if (values[0] != values[0]) values[0] = 7; // signalling ones differ by the way they were loaded
  memcpy(r->memory, values, sizeof values);
  long double wide[2] = {(long double)real() * real(), (long double)real() / 3};
  memcpy(r->memory + 48, wide, 10);
  memcpy(r->memory + 64, wide + 1, 10);
  int64_t whole = (int64_t)integer() >> (next() % 64);
  memcpy(r->memory + 16, &whole, 8);
}

static uint64_t hash;
static void add(const void *bytes, size_t size) {
  for (size_t i = 0; i < size; ++i) hash = (hash ^ ((const uint8_t *)bytes)[i]) * 0x100000001b3ull;
}

static void canonical(struct registers *r, unsigned compared) {
  if (compared == SINGLES)
    for (float *f = (float *)r->vectors; f < (float *)r->vectors + 16; ++f)
      if (*f != *f) memset(f, 0xff, sizeof *f);
  if (compared == DOUBLES)
    for (double *d = (double *)r->vectors; d < (double *)r->vectors + 8; ++d)
      if (*d != *d) memset(d, 0xff, sizeof *d);
}

int main(int argc, char **argv) {
  unsigned rounds = argc > 1 ? (unsigned)atoi(argv[1]) : 100;
  const char *only = argc > 2 ? argv[2] : NULL;
  setvbuf(stdout, NULL, _IOLBF, 0); // the last line names the form that failed
  static struct registers r __attribute__((aligned(16)));
  for (const struct form *form = forms; form < forms_end; ++form) {
    if (only && strcmp(only, form->name)) continue;
    state = 0x9e3779b97f4a7c15ull;
    hash = 0xcbf29ce484222325ull;
    for (unsigned i = 0; i < rounds; ++i) {
      fill(&r, form->compared);
      if (form->compared == X87) r.words[4] = r.words[5] = 0;
      form->run(&r);
      r.flags &= form->flags;
      canonical(&r, form->compared);
      add(&r, sizeof r);
      if (only) {
        const uint64_t *words = (const uint64_t *)&r;
        printf("%u:", i);
        for (unsigned k = 0; k < sizeof r / 8; ++k) printf(" %llx", (unsigned long long)words[k]);
        puts("");
      }
    }
    printf("%016llx %s\n", (unsigned long long)hash, form->name);
  }
  return 0;
}
