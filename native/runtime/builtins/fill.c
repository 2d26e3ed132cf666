/* SPDX-License-Identifier: 0BSD */
#include "memory.h"

/* x86-64's string instruction fills whole cache lines without reading them; from here on that makes up for its start. */
#define STRING_INSTRUCTION_SIZE 1024

static inline void fill_below_16(char *to, uint64_t bytes, size n) {
  if (n >= 8) {
    AT(loose_64, to) = bytes;
    AT(loose_64, to + n - 8) = bytes;
  } else if (n >= 4) {
    AT(loose_32, to) = bytes;
    AT(loose_32, to + n - 4) = bytes;
  } else if (n >= 2) {
    AT(loose_16, to) = bytes;
    AT(loose_16, to + n - 2) = bytes;
  } else if (n) {
    *to = bytes;
  }
}

/* n > 64. Stores of the loop are aligned. */
static inline void fill_blocks(char *to, block bytes, size n) {
  char *end = to + n - 64;
  char *at = (char *)(((size)to & ~15ul) + 16);
  AT(loose_block, to) = bytes;
  for (; at < end; at += 64) {
    AT(block, at) = bytes;
    AT(block, at + 16) = bytes;
    AT(block, at + 32) = bytes;
    AT(block, at + 48) = bytes;
  }
  AT(loose_block, end) = bytes;
  AT(loose_block, end + 16) = bytes;
  AT(loose_block, end + 32) = bytes;
  AT(loose_block, end + 48) = bytes;
}

void *memset(void *target, int value, size n) {
  char *to = target;
  if (n < 16) {
    fill_below_16(to, (uint8_t)value * 0x0101010101010101ull, n);
    return target;
  }
  block bytes = same_bytes(value);
#ifdef __x86_64__
  if (n >= STRING_INSTRUCTION_SIZE) {
    void *t = target;
    __asm__ volatile("rep stosb" : "+D"(t), "+c"(n) : "a"(value) : "memory");
    return target;
  }
#endif
  if (n > 64) {
    fill_blocks(to, bytes, n);
    return target;
  }
  AT(loose_block, to) = bytes;
  AT(loose_block, to + n - 16) = bytes;
  if (n > 32) {
    AT(loose_block, to + 16) = bytes;
    AT(loose_block, to + n - 32) = bytes;
  }
  return target;
}
