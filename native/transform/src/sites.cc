// SPDX-License-Identifier: GPL-3.0-or-later
// Call-site tables as they stand in sites.bin.
#include "hc/transform.h"

static_assert(sizeof(hc_site) == 24, "records of sites.bin");
static_assert(sizeof(hc_sites_header) == 16, "header of sites.bin");

// Return addresses and frames are 8-byte units on both ISAs.
static constexpr uint32_t word = 8;

extern "C" hcx_code hcx_split(const void *file, size_t length, hcx_table *x86_64, hcx_table *aarch64,
                              hcx_fault *fault) {
  if (length < sizeof(hc_sites_header)) {
    fault->value = sizeof(hc_sites_header);
    return HCX_TABLE_TRUNCATED;
  }
  const auto *header = static_cast<const hc_sites_header *>(file);
  if (header->magic != HC_SITES_MAGIC) return HCX_TABLE_MAGIC;
  const uint64_t records = uint64_t{header->count_x86_64} + header->count_aarch64;
  const uint64_t needed = sizeof *header + records * sizeof(hc_site);
  if (length != needed) {
    fault->value = needed;
    return HCX_TABLE_TRUNCATED;
  }
  const auto *first = reinterpret_cast<const hc_site *>(header + 1);
  *x86_64 = {first, nullptr, header->count_x86_64, 0};
  *aarch64 = {first + header->count_x86_64, nullptr, header->count_aarch64, 0};
  return HCX_OK;
}

static bool frame_is_possible(const hc_site &site) {
  // The entry stub has no frame of its own: nothing is read or laid out past id 0.
  if (site.id == 0) return true;
  const int64_t frame = site.native_frame, slot = site.return_slot;
  return frame >= word && frame % word == 0 && slot <= -int64_t{word} && slot >= -frame && slot % word == 0;
}

extern "C" hcx_code hcx_check(hcx_table *table, hcx_fault *fault) {
  bool entry = false;
  uint32_t highest = 0;
  for (uint32_t i = 0; i < table->count; i++) {
    const hc_site &site = table->sites[i];
    fault->address = site.address;
    fault->value = site.id;
    if (i > 0 && site.address <= table->sites[i - 1].address) return HCX_TABLE_ORDER;
    if (site.id >= HCX_MAX_ID) return HCX_TABLE_ID;
    if (!frame_is_possible(site)) return HCX_TABLE_FRAME;
    if (site.id > highest) highest = site.id;
    entry |= site.id == 0;
  }
  fault->value = 0;
  if (!entry) return HCX_TABLE_ID;
  table->ids = highest + 1;
  return HCX_OK;
}

extern "C" void hcx_index(hcx_table *table, uint32_t *by_id) {
  for (uint32_t i = table->count; i > 0; i--) by_id[table->sites[i - 1].id] = i;
  table->by_id = by_id;
}

extern "C" hcx_code hcx_compare(const hcx_table *one, const hcx_table *other, hcx_fault *fault) {
  const uint32_t ids = one->ids > other->ids ? one->ids : other->ids;
  for (uint32_t id = 0; id < ids; id++) {
    const bool here = id < one->ids && one->by_id[id], there = id < other->ids && other->by_id[id];
    if (here == there) continue;
    fault->address = 0;
    fault->value = id;
    return HCX_TABLE_ID;
  }
  return HCX_OK;
}

extern "C" const hc_site *hcx_find(const hcx_table *table, uint64_t address) {
  uint32_t low = 0, high = table->count;
  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;
    if (table->sites[middle].address < address)
      low = middle + 1;
    else
      high = middle;
  }
  return low < table->count && table->sites[low].address == address ? &table->sites[low] : nullptr;
}
