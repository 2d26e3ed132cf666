/* SPDX-License-Identifier: 0BSD
 *
 * memcpy and memmove, one function. Up to 128 bytes all are loaded before the first is stored, so overlap does not
 * matter; only longer copies choose a direction. Sizes between powers of two are blocks that overlap. x86-64's
 * string instruction was no faster at any size (Zen, sources and targets of any alignment).
 */
#include "memory.h"

static inline void copy_below_16(char *to, const char *from, size n) {
  if (n >= 8) {
    uint64_t first = AT(loose_64, from), last = AT(loose_64, from + n - 8);
    AT(loose_64, to) = first;
    AT(loose_64, to + n - 8) = last;
  } else if (n >= 4) {
    uint32_t first = AT(loose_32, from), last = AT(loose_32, from + n - 4);
    AT(loose_32, to) = first;
    AT(loose_32, to + n - 4) = last;
  } else if (n >= 2) {
    uint16_t first = AT(loose_16, from), last = AT(loose_16, from + n - 2);
    AT(loose_16, to) = first;
    AT(loose_16, to + n - 2) = last;
  } else if (n) {
    *to = *from;
  }
}

/* n in (32, 128]: 2, 4 or 8 blocks. */
static inline void copy_up_to_128(char *to, const char *from, size n) {
  const char *from_end = from + n;
  char *to_end = to + n;
  block a = AT(loose_block, from), b = AT(loose_block, from + 16);
  block y = AT(loose_block, from_end - 32), z = AT(loose_block, from_end - 16);
  if (n > 64) {
    block c = AT(loose_block, from + 32), d = AT(loose_block, from + 48);
    block w = AT(loose_block, from_end - 64), x = AT(loose_block, from_end - 48);
    AT(loose_block, to + 32) = c;
    AT(loose_block, to + 48) = d;
    AT(loose_block, to_end - 64) = w;
    AT(loose_block, to_end - 48) = x;
  }
  AT(loose_block, to) = a;
  AT(loose_block, to + 16) = b;
  AT(loose_block, to_end - 32) = y;
  AT(loose_block, to_end - 16) = z;
}

/* n > 128. The last 64 bytes are loaded first: with overlap the loop may change them. Stores of the loop are aligned. */
static void copy_up(char *to, const char *from, size n) {
  block first = AT(loose_block, from);
  block w = AT(loose_block, from + n - 64), x = AT(loose_block, from + n - 48);
  block y = AT(loose_block, from + n - 32), z = AT(loose_block, from + n - 16);
  char *end = to + n - 64;
  size skip = 16 - ((size)to & 15);
  char *at = to + skip;
  from += skip;
  block head = AT(loose_block, from), b = AT(loose_block, from + 16);
  block c = AT(loose_block, from + 32), d = AT(loose_block, from + 48);
  AT(loose_block, to) = first;
  for (;;) {
    AT(block, at) = head;
    AT(block, at + 16) = b;
    AT(block, at + 32) = c;
    AT(block, at + 48) = d;
    at += 64;
    from += 64;
    if (at >= end) break;
    head = AT(loose_block, from), b = AT(loose_block, from + 16);
    c = AT(loose_block, from + 32), d = AT(loose_block, from + 48);
  }
  AT(loose_block, end) = w;
  AT(loose_block, end + 16) = x;
  AT(loose_block, end + 32) = y;
  AT(loose_block, end + 48) = z;
}

/* The same from the end. */
static void copy_down(char *to, const char *from, size n) {
  block last = AT(loose_block, from + n - 16);
  block w = AT(loose_block, from), x = AT(loose_block, from + 16);
  block y = AT(loose_block, from + 32), z = AT(loose_block, from + 48);
  char *end = to + 64;
  size skip = (((size)to + n - 1) & 15) + 1;
  char *at = to + n - skip;
  from += n - skip;
  block tail = AT(loose_block, from - 16), b = AT(loose_block, from - 32);
  block c = AT(loose_block, from - 48), d = AT(loose_block, from - 64);
  AT(loose_block, to + n - 16) = last;
  for (;;) {
    AT(block, at - 16) = tail;
    AT(block, at - 32) = b;
    AT(block, at - 48) = c;
    AT(block, at - 64) = d;
    at -= 64;
    from -= 64;
    if (at <= end) break;
    tail = AT(loose_block, from - 16), b = AT(loose_block, from - 32);
    c = AT(loose_block, from - 48), d = AT(loose_block, from - 64);
  }
  AT(loose_block, to) = w;
  AT(loose_block, to + 16) = x;
  AT(loose_block, to + 32) = y;
  AT(loose_block, to + 48) = z;
}

void *memmove(void *target, const void *source, size n) {
  char *to = target;
  const char *from = source;
  if (n < 16) {
    copy_below_16(to, from, n);
  } else if (n <= 32) {
    block first = AT(loose_block, from), last = AT(loose_block, from + n - 16);
    AT(loose_block, to) = first;
    AT(loose_block, to + n - 16) = last;
  } else if (n <= 128) {
    copy_up_to_128(to, from, n);
  } else if ((size)to - (size)from < n) {
    copy_down(to, from, n);
  } else {
    copy_up(to, from, n);
  }
  return target;
}

void *memcpy(void *, const void *, size) __attribute__((alias("memmove")));
