/* SPDX-License-Identifier: 0BSD
 *
 * Memory and string functions against loops over bytes: every size up to 300 at every alignment, overlapping both ways, and up to
 * the last byte before a page that is not there.
 */
#include "support.h"

#include "canonical.h"

void *memcpy(void *, const void *, size_t);
void *memmove(void *, const void *, size_t);
void *memset(void *, int, size_t);
int memcmp(const void *, const void *, size_t);
int bcmp(const void *, const void *, size_t);
void *memchr(const void *, int, size_t);
size_t strlen(const char *);
size_t strnlen(const char *, size_t);
char *strchr(const char *, int);
char *strchrnul(const char *, int);
int strcmp(const char *, const char *);
int strncmp(const char *, const char *, size_t);

#define PAGE 65536 /* the largest there is */
#define ROOM 8192

static unsigned char *a, *b, *expected; /* ROOM bytes before a guard page each */

static unsigned char *room(void) {
  long address = CALL(mmap, 0, 2 * PAGE, 3, 0x22, -1, 0);
  CALL(mprotect, address + PAGE, PAGE, 0);
  return (unsigned char *)address + PAGE - ROOM;
}

static void fill_at_random(unsigned char *at, size_t n) {
  for (size_t i = 0; i < n; i++) at[i] = random_bits() >> 13;
}

static int same(const unsigned char *x, const unsigned char *y, size_t n) {
  for (size_t i = 0; i < n; i++)
    if (x[i] != y[i]) return 0;
  return 1;
}

static int sign(int x) { return (x > 0) - (x < 0); }

static void copies(size_t n, size_t from, size_t to) {
  static unsigned char old[ROOM];
  for (size_t i = 0; i < 1024; i++) old[i] = expected[i] = a[i];
  for (size_t i = 0; i < n; i++) expected[to + i] = old[from + i];
  check(memmove(a + to, a + from, n) == a + to && same(a, expected, 1024), "memmove");
  for (size_t i = 0; i < 1024; i++) expected[i] = b[i];
  for (size_t i = 0; i < n; i++) expected[to + i] = a[from + i];
  check(memcpy(b + to, a + from, n) == b + to && same(b, expected, 1024), "memcpy");
}

static void fills(size_t n, size_t to) {
  for (size_t i = 0; i < 1024; i++) expected[i] = b[i];
  int value = random_bits();
  for (size_t i = 0; i < n; i++) expected[to + i] = value;
  check(memset(b + to, value, n) == b + to && same(b, expected, 1024), "memset");
}

/* Ends at the guard page. */
static void at_the_end(size_t n) {
  unsigned char *x = a + ROOM - n, *y = b + ROOM - n;
  fill_at_random(x, n);
  memcpy(y, x, n);
  check(same(x, y, n), "memcpy at the end");
  memmove(y, x, n);
  memset(y, 7, n);
  check(!n || (y[0] == 7 && y[n - 1] == 7), "memset at the end");
  memcpy(y, x, n);
  check(memcmp(x, y, n) == 0 && bcmp(x, y, n) == 0, "memcmp of the same");
  if (!n) return;
  size_t at = random_bits() % n;
  y[at] ^= 1 + random_bits() % 255;
  check(sign(memcmp(x, y, n)) == (x[at] > y[at] ? 1 : -1), "memcmp");
  check(memchr(x, 256 + x[at], n) != 0 && memchr(x, x[at], at) == memchr(x, x[at], at), "memchr");
  for (size_t i = 0; i < n; i++) x[i] = 1 + i % 200;
  check(memchr(x, 0, n) == 0 && memchr(x, 255, n) == 0, "memchr of nothing");
  check(memchr(x, 1 + (n - 1) % 200, n) == x + (n - 1) % 200, "memchr, first");
}

/* Strings that end right before the guard page, or n bytes before the end of a page of 4096. */
static void strings(size_t n, size_t before) {
  unsigned char *x = a + ROOM - before - n - 1, *y = b + ROOM - 1 - n;
  for (size_t i = 0; i < n; i++) x[i] = y[i] = 1 + random_bits() % 255;
  x[n] = y[n] = 0;
  check(strlen((char *)x) == n, "strlen");
  check(strnlen((char *)x, n + 1) == n && strnlen((char *)x, n / 2) == n / 2, "strnlen");
  check(strcmp((char *)x, (char *)y) == 0 && strncmp((char *)x, (char *)y, n + 5) == 0, "strcmp of the same");
  check(strchr((char *)x, 0) == (char *)x + n && strchrnul((char *)x, 0) == (char *)x + n, "strchr of the end");
  if (!n) return;
  size_t at = random_bits() % n, first = 0;
  while (x[first] != x[at]) first++;
  check(strchr((char *)x, (signed char)x[at]) == (char *)x + first, "strchr");
  unsigned char other = y[at];
  y[at] = random_bits() % 256;
  int expected_sign = sign(x[at] - y[at]);
  if (!expected_sign) return;
  check(sign(strcmp((char *)x, (char *)y)) == expected_sign, "strcmp");
  check(strncmp((char *)x, (char *)y, at) == 0, "strncmp, short");
  check(sign(strncmp((char *)x, (char *)y, at + 1)) == expected_sign, "strncmp");
  y[at] = other;
}

static void large(void) {
  size_t n = 3 << 20;
  unsigned char *x = (unsigned char *)CALL(mmap, 0, 2 * n, 3, 0x22, -1, 0);
  for (size_t i = 0; i < n; i++) x[i] = i * 7 + (i >> 8) + (i >> 16);
  memmove(x + 12345, x, n);
  int good = 1;
  for (size_t i = 0; i < n; i++) good &= x[i + 12345] == (unsigned char)(i * 7 + (i >> 8) + (i >> 16));
  check(good, "memmove up, large");
  memmove(x + 3, x + 12345, n);
  for (size_t i = 0; i < n; i++) good &= x[i + 3] == (unsigned char)(i * 7 + (i >> 8) + (i >> 16));
  check(good, "memmove down, large");
  memset(x + 1, 'x', n);
  for (size_t i = 0; i < n; i++) good &= x[i + 1] == 'x';
  check(good && x[0] == 0, "memset, large");
}

void run(void) {
  a = room();
  b = room();
  expected = room();
  fill_at_random(a, ROOM);
  fill_at_random(b, ROOM);
  for (size_t n = 0; n <= 300; n++) {
    for (size_t from = 0; from < 16; from++) copies(n, 64 + from, 64 + (n + from) % 17);
    copies(n, 100, 100 + n / 2);
    copies(n, 100 + n / 2, 100);
    copies(n, 100, 101);
    copies(n, 101, 100);
    for (size_t to = 0; to < 16; to++) fills(n, 64 + to);
    for (int times = 0; times < 4; times++) at_the_end(n);
    for (size_t before = 0; before < 4200; before += 1 + before % 37) strings(n, before);
  }
  large();
}
