/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The native stack of a parked thread, from one ISA to the other.
 *
 * The stack holds return addresses and nothing else (native/runtime/include/hc/abi.h, "Call-site
 * table"). Walking it with the source ISA's table gives a list of call-site ids; laying out the same
 * list with the target ISA's table gives the target's stack.
 *
 * Nothing here allocates, keeps state or trusts its input: tables come from files, stacks from
 * images of foreign processes. Every function returns HCX_OK or says in *fault what was wrong.
 */
#ifndef HC_TRANSFORM_H
#define HC_TRANSFORM_H

#include <stddef.h>
#include <stdint.h>

#include "hc/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Frames in one thread, and call-site ids in one program: above these the input is taken for broken. */
#define HCX_MAX_DEPTH (1u << 24)
#define HCX_MAX_ID (1u << 24)

enum hcx_code {
  HCX_OK = 0,
  HCX_TABLE_TRUNCATED,   /* sites.bin is shorter or longer than its header says; value = bytes needed */
  HCX_TABLE_MAGIC,       /* not a call-site table */
  HCX_TABLE_ORDER,       /* address: first one that isn't above the one before it */
  HCX_TABLE_FRAME,       /* address: site whose frame size or return slot is impossible */
  HCX_TABLE_ID,          /* value: id out of range or known to one ISA only, or no site with id 0 */
  HCX_UNKNOWN_ADDRESS,   /* value: return address without a call site; address: where it was found */
  HCX_OUTSIDE_STACK,     /* address: where a frame leaves the stack; value: its call site */
  HCX_WRONG_END,         /* address: where the outermost frame ends, value: where it should */
  HCX_TOO_DEEP,          /* value: depth reached */
  HCX_NO_ROOM,           /* value: bytes that the rebuilt stack needs */
  HCX_MISALIGNED         /* address: the rebuilt stack pointer */
};

struct hcx_fault {
  uint64_t address;
  uint64_t value;
};

/* The call sites of one ISA. by_id[id] is a position in sites + 1, or 0 for an unused id. */
struct hcx_table {
  const struct hc_site *sites;
  const uint32_t *by_id;
  uint32_t count;
  uint32_t ids; /* highest id + 1 */
};

/* Where the two parts of a sites.bin are: checks magic and length only. */
enum hcx_code hcx_split(const void *file, size_t length, struct hcx_table *x86_64, struct hcx_table *aarch64,
                        struct hcx_fault *fault);

/* Checks order, frames and ids of one part; sets table->ids. */
enum hcx_code hcx_check(struct hcx_table *table, struct hcx_fault *fault);

/* Fills by_id (table->ids words, zeroed by the caller). Of several sites with one id the first is taken. */
void hcx_index(struct hcx_table *table, uint32_t *by_id);

/* Both ISAs must know the same ids. */
enum hcx_code hcx_compare(const struct hcx_table *one, const struct hcx_table *other, struct hcx_fault *fault);

/* The call site with this return address, or 0. */
const struct hc_site *hcx_find(const struct hcx_table *table, uint64_t address);

/*
 * The ids from (sp, pc) outward, the last one being 0, which must be reached exactly at `high`.
 * stack: the bytes of [sp, high). ids may be null to count only.
 */
enum hcx_code hcx_walk(const struct hcx_table *table, const uint8_t *stack, uint64_t sp, uint64_t pc,
                       uint64_t high, uint32_t *ids, size_t capacity, size_t *depth, struct hcx_fault *fault);

/* Bytes of native stack that these ids take. */
enum hcx_code hcx_measure(const struct hcx_table *table, const uint32_t *ids, size_t depth, uint64_t *bytes,
                          struct hcx_fault *fault);

/*
 * Lays out the frames of ids below `high`; stack: hcx_measure bytes, all of them written. Gives the
 * stack pointer, which must be a multiple of `alignment`, and the program counter that the park call
 * returns to.
 */
enum hcx_code hcx_rebuild(const struct hcx_table *table, const uint32_t *ids, size_t depth, uint64_t high,
                          uint64_t alignment, uint8_t *stack, uint64_t bytes, uint64_t *sp, uint64_t *pc,
                          struct hcx_fault *fault);

#ifdef __cplusplus
}
#endif
#endif
