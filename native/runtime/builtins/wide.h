/* SPDX-License-Identifier: 0BSD */
#ifndef HC_BUILTINS_WIDE_H
#define HC_BUILTINS_WIDE_H

#include <stdint.h>

typedef __int128 wide;
typedef unsigned __int128 unsigned_wide;

#define HIGH(x) ((uint64_t)((unsigned_wide)(x) >> 64))
#define LOW(x) ((uint64_t)(x))
#define WIDE(high, low) ((unsigned_wide)(high) << 64 | (low))

#endif
