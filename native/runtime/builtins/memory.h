/* SPDX-License-Identifier: 0BSD
 *
 * Blocks for the memory and string functions. Compiled for each ISA; 16-byte vectors are SSE2 and Advanced SIMD, which
 * every x86-64 and aarch64 processor has.
 */
#ifndef HC_BUILTINS_MEMORY_H
#define HC_BUILTINS_MEMORY_H

#include <stdint.h>

typedef unsigned long size;

/* May alias anything, lie anywhere. */
typedef uint8_t block __attribute__((vector_size(16)));
typedef uint8_t loose_block __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint16_t loose_16 __attribute__((aligned(1), may_alias));
typedef uint32_t loose_32 __attribute__((aligned(1), may_alias));
typedef uint64_t loose_64 __attribute__((aligned(1), may_alias));

#define AT(type, address) (*(type *)(address))

/* Which bytes of a comparison hold, first byte lowest: LANE_BITS bits for each. */
#ifdef __x86_64__
#include <emmintrin.h>
#define LANE_BITS 1
static inline uint64_t lanes(block compared) { return (unsigned)_mm_movemask_epi8((__m128i)compared); }
#else
#include <arm_neon.h>
#define LANE_BITS 4
static inline uint64_t lanes(block compared) {
  return vget_lane_u64(vreinterpret_u64_u8(vshrn_n_u16(vreinterpretq_u16_u8((uint8x16_t)compared), 4)), 0);
}
#endif
#define ALL_LANES (LANE_BITS == 1 ? 0xffffull : ~0ull)

static inline unsigned first_lane(uint64_t mask) { return __builtin_ctzll(mask) / LANE_BITS; }
static inline block same_bytes(uint8_t byte) { return (block){} + byte; }

#endif
