/* SPDX-License-Identifier: 0BSD
 *
 * memcmp, and bcmp as the same function. The last block overlaps the one before, whose bytes are known to be equal.
 */
#include "memory.h"

static inline int order(const uint8_t *a, const uint8_t *b, size at) { return a[at] - b[at]; }

static inline int compare_below_16(const uint8_t *a, const uint8_t *b, size n) {
  uint64_t x, y;
  if (n >= 8) {
    x = __builtin_bswap64(AT(loose_64, a)), y = __builtin_bswap64(AT(loose_64, b));
    if (x == y) x = __builtin_bswap64(AT(loose_64, a + n - 8)), y = __builtin_bswap64(AT(loose_64, b + n - 8));
  } else if (n >= 4) {
    x = (uint64_t)__builtin_bswap32(AT(loose_32, a)) << 32 | __builtin_bswap32(AT(loose_32, a + n - 4));
    y = (uint64_t)__builtin_bswap32(AT(loose_32, b)) << 32 | __builtin_bswap32(AT(loose_32, b + n - 4));
  } else if (n) {
    x = a[0] << 16 | a[n / 2] << 8 | a[n - 1];
    y = b[0] << 16 | b[n / 2] << 8 | b[n - 1];
  } else {
    return 0;
  }
  return (x > y) - (x < y);
}

int memcmp(const void *left, const void *right, size n) {
  const uint8_t *a = left, *b = right;
  if (n < 16) return compare_below_16(a, b, n);
  for (size i = 0;; i += 16) {
    if (i > n - 16) i = n - 16;
    uint64_t differ = ~lanes(AT(loose_block, a + i) == AT(loose_block, b + i)) & ALL_LANES;
    if (differ) return order(a, b, i + first_lane(differ));
    if (i == n - 16) return 0;
  }
}

int bcmp(const void *, const void *, size) __attribute__((alias("memcmp")));
