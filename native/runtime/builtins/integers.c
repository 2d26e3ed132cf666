/* SPDX-License-Identifier: 0BSD
 *
 * Integer functions that LLVM may call, and that programs built for other compilers name.
 */
#include "wide.h"

wide __multi3(wide a, wide b) {
  return WIDE(HIGH(a) * LOW(b) + LOW(a) * HIGH(b), 0) + (unsigned_wide)LOW(a) * LOW(b);
}

wide __ashlti3(wide x, int by) {
  if (by & 64) return WIDE(LOW(x) << (by & 63), 0);
  if (!by) return x;
  return WIDE(HIGH(x) << by | LOW(x) >> (64 - by), LOW(x) << by);
}

wide __lshrti3(wide x, int by) {
  if (by & 64) return HIGH(x) >> (by & 63);
  if (!by) return x;
  return WIDE(HIGH(x) >> by, LOW(x) >> by | HIGH(x) << (64 - by));
}

wide __ashrti3(wide x, int by) {
  int64_t high = HIGH(x);
  if (by & 64) return WIDE(high >> 63, (uint64_t)(high >> (by & 63)));
  if (!by) return x;
  return WIDE(high >> by, LOW(x) >> by | HIGH(x) << (64 - by));
}

/* *overflow: does a * b not fit? */
wide __muloti4(wide a, wide b, int *overflow) {
  unsigned_wide x = a < 0 ? -(unsigned_wide)a : (unsigned_wide)a;
  unsigned_wide y = b < 0 ? -(unsigned_wide)b : (unsigned_wide)b;
  unsigned_wide cross = (unsigned_wide)HIGH(x) * LOW(y) + (unsigned_wide)LOW(x) * HIGH(y); /* one of them is 0 if all is well */
  unsigned_wide low = (unsigned_wide)LOW(x) * LOW(y);
  unsigned_wide product = low + WIDE(LOW(cross), 0);
  int negative = (a < 0) != (b < 0);
  *overflow = (HIGH(x) && HIGH(y)) || HIGH(cross) || product < low || product > ((unsigned_wide)1 << 127) - !negative;
  return negative ? -product : product;
}

int __popcountdi2(uint64_t x) { return __builtin_popcountll(x); }
int __popcountsi2(uint32_t x) { return __builtin_popcount(x); }
int __popcountti2(unsigned_wide x) { return __builtin_popcountll(HIGH(x)) + __builtin_popcountll(LOW(x)); }
int __paritydi2(uint64_t x) { return __builtin_popcountll(x) & 1; }
int __paritysi2(uint32_t x) { return __builtin_popcount(x) & 1; }
int __clzdi2(uint64_t x) { return __builtin_clzll(x); }
int __clzsi2(uint32_t x) { return __builtin_clz(x); }
int __clzti2(unsigned_wide x) { return HIGH(x) ? __builtin_clzll(HIGH(x)) : 64 + __builtin_clzll(LOW(x)); }
int __ctzdi2(uint64_t x) { return __builtin_ctzll(x); }
int __ctzsi2(uint32_t x) { return __builtin_ctz(x); }
int __ctzti2(unsigned_wide x) { return LOW(x) ? __builtin_ctzll(LOW(x)) : 64 + __builtin_ctzll(HIGH(x)); }
int __ffsdi2(uint64_t x) { return x ? __builtin_ctzll(x) + 1 : 0; }
int __ffssi2(uint32_t x) { return x ? __builtin_ctz(x) + 1 : 0; }
uint64_t __bswapdi2(uint64_t x) { return __builtin_bswap64(x); }
uint32_t __bswapsi2(uint32_t x) { return __builtin_bswap32(x); }
