/* SPDX-License-Identifier: 0BSD
 *
 * strlen, strnlen, memchr, strchr, strchrnul (which musl also knows by a name of its own), strcmp, strncmp. Aligned blocks
 * never cross a page, so reading past the end of the string is harmless.
 */
#include "memory.h"

#define NULL ((void *)0)

/* The aligned block that holds *at, and how many bytes of it come before *at. */
static inline unsigned split(const void *at, const block **first) {
  *first = (const block *)((size)at & ~15ul);
  return (size)at & 15;
}

size strlen(const char *string) {
  const block *at;
  unsigned before = split(string, &at);
  uint64_t zero = lanes(*at == same_bytes(0)) >> before * LANE_BITS;
  if (zero) return first_lane(zero);
  do zero = lanes(*++at == same_bytes(0));
  while (!zero);
  return (const char *)at + first_lane(zero) - string;
}

void *memchr(const void *memory, int value, size n) {
  const block *at;
  unsigned before = split(memory, &at);
  block wanted = same_bytes(value);
  if (!n) return NULL;
  uint64_t found = lanes(*at == wanted) >> before * LANE_BITS;
  if (found) {
    size offset = first_lane(found);
    return offset < n ? (char *)memory + offset : NULL;
  }
  for (size done = 16 - before; done < n; done += 16) {
    found = lanes(*++at == wanted);
    if (!found) continue;
    size offset = done + first_lane(found);
    return offset < n ? (char *)memory + offset : NULL;
  }
  return NULL;
}

size strnlen(const char *string, size most) {
  const char *end = memchr(string, 0, most);
  return end ? (size)(end - string) : most;
}

char *__strchrnul(const char *string, int value) {
  const block *at;
  unsigned before = split(string, &at);
  block wanted = same_bytes(value);
  uint64_t found = lanes((*at == same_bytes(0)) | (*at == wanted)) >> before * LANE_BITS;
  if (found) return (char *)string + first_lane(found);
  do {
    at++;
    found = lanes((*at == same_bytes(0)) | (*at == wanted));
  } while (!found);
  return (char *)at + first_lane(found);
}

char *strchrnul(const char *, int) __attribute__((weak, alias("__strchrnul")));

char *strchr(const char *string, int value) {
  char *found = __strchrnul(string, value);
  return *(uint8_t *)found == (uint8_t)value ? found : NULL;
}

#define PAGE 4096 /* the smallest there is */

/* Compares blocks wherever both lie within their page, else single bytes. */
int strncmp(const char *left, const char *right, size most) {
  const uint8_t *a = (const void *)left, *b = (const void *)right;
  for (size i = 0; i < most;) {
    if ((((size)(a + i) & (PAGE - 1)) <= PAGE - 16) && (((size)(b + i) & (PAGE - 1)) <= PAGE - 16)) {
      block x = AT(loose_block, a + i);
      uint64_t same = lanes((x == AT(loose_block, b + i)) & (x != same_bytes(0)));
      uint64_t stop = ~same & ALL_LANES;
      if (stop) {
        size at = i + first_lane(stop);
        return at < most ? a[at] - b[at] : 0;
      }
      i += 16;
    } else {
      if (a[i] != b[i] || !a[i]) return a[i] - b[i];
      i++;
    }
  }
  return 0;
}

int strcmp(const char *left, const char *right) { return strncmp(left, right, ~0ul); }
