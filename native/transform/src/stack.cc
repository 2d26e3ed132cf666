// SPDX-License-Identifier: GPL-3.0-or-later
// From a native stack to call-site ids, and from ids to a native stack.
#include "hc/transform.h"

namespace {

// Images need not be aligned in the buffer they were read into. (A loop the compiler turns into one load or store.)
uint64_t load(const uint8_t *bytes) {
  uint64_t value = 0;
  for (int i = 0; i < 8; i++) value |= uint64_t{bytes[i]} << (8 * i);
  return value;
}

void store(uint8_t *bytes, uint64_t value) {
  for (int i = 0; i < 8; i++) bytes[i] = static_cast<uint8_t>(value >> (8 * i));
}

const hc_site *site_of(const hcx_table *table, uint32_t id) {
  if (id >= table->ids || table->by_id[id] == 0) return nullptr;
  return &table->sites[table->by_id[id] - 1];
}

hcx_code fail(hcx_fault *fault, hcx_code code, uint64_t address, uint64_t value) {
  *fault = {address, value};
  return code;
}

} // namespace

extern "C" hcx_code hcx_walk(const hcx_table *table, const uint8_t *stack, uint64_t sp, uint64_t pc,
                             uint64_t high, uint32_t *ids, size_t capacity, size_t *depth, hcx_fault *fault) {
  if (sp > high) return fail(fault, HCX_OUTSIDE_STACK, sp, pc);
  const uint64_t size = high - sp;
  uint64_t at = 0;       // frame base, relative to sp
  uint64_t found = 0;    // address the return address was read from; 0: hc_thread.pc
  for (size_t n = 0;; n++) {
    const hc_site *site = hcx_find(table, pc);
    if (!site) return fail(fault, HCX_UNKNOWN_ADDRESS, found, pc);
    if (n >= HCX_MAX_DEPTH || (ids && n >= capacity)) return fail(fault, HCX_TOO_DEEP, sp + at, n);
    if (ids) ids[n] = site->id;
    if (site->id == 0) {
      *depth = n + 1;
      return at == size ? HCX_OK : fail(fault, HCX_WRONG_END, sp + at, high);
    }
    if (site->native_frame > size - at) return fail(fault, HCX_OUTSIDE_STACK, sp + at, pc);
    at += site->native_frame;
    found = sp + at + static_cast<int64_t>(site->return_slot);
    pc = load(stack + at + site->return_slot); // hcx_check: the slot lies inside the frame
  }
}

extern "C" hcx_code hcx_measure(const hcx_table *table, const uint32_t *ids, size_t depth, uint64_t *bytes,
                                hcx_fault *fault) {
  if (depth == 0 || depth > HCX_MAX_DEPTH) return fail(fault, HCX_TOO_DEEP, 0, depth);
  uint64_t size = 0; // at most 2^24 frames of less than 2^32 bytes
  for (size_t n = 0; n + 1 < depth; n++) {
    const hc_site *site = site_of(table, ids[n]);
    if (!site || ids[n] == 0) return fail(fault, HCX_TABLE_ID, 0, ids[n]);
    size += site->native_frame;
  }
  if (ids[depth - 1] != 0) return fail(fault, HCX_TABLE_ID, 0, ids[depth - 1]);
  *bytes = size;
  return HCX_OK;
}

extern "C" hcx_code hcx_rebuild(const hcx_table *table, const uint32_t *ids, size_t depth, uint64_t high,
                                uint64_t alignment, uint8_t *stack, uint64_t bytes, uint64_t *sp,
                                uint64_t *pc, hcx_fault *fault) {
  uint64_t needed;
  if (hcx_code code = hcx_measure(table, ids, depth, &needed, fault)) return code;
  if (needed != bytes || needed > high) return fail(fault, HCX_NO_ROOM, high, needed);
  for (uint64_t i = 0; i < bytes; i++) stack[i] = 0;
  uint64_t end = 0;
  for (size_t n = 0; n + 1 < depth; n++) {
    const hc_site *site = site_of(table, ids[n]);
    end += site->native_frame;
    store(stack + end + site->return_slot, site_of(table, ids[n + 1])->address);
  }
  *sp = high - bytes;
  *pc = site_of(table, ids[0])->address;
  return *sp % alignment == 0 ? HCX_OK : fail(fault, HCX_MISALIGNED, *sp, 0);
}
