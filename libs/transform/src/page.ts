// SPDX-License-Identifier: GPL-3.0-or-later

/** Of both kernels. Images of kernels with other page sizes are refused. */
export const PAGE_SIZE = 4096n;

export function pageDown(address: bigint): bigint {
  return address & ~(PAGE_SIZE - 1n);
}

export function pageUp(address: bigint): bigint {
  return pageDown(address + PAGE_SIZE - 1n);
}

/** Math.min and Math.max take no bigint. */
export function lower(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

export function higher(a: bigint, b: bigint): bigint {
  if (a > b) return a;
  return b;
}

/** [start, end) */
export interface Range {
  start: bigint;
  end: bigint;
}

/** Sorted by address, neighbours joined. */
export function normalise(ranges: readonly Range[]): Range[] {
  const sorted = ranges
    .filter(({ start, end }) => start < end)
    .toSorted((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  const joined: Range[] = [];
  for (const range of sorted) {
    const last = joined.at(-1);
    if (last && range.start <= last.end) last.end = higher(last.end, range.end);
    else joined.push({ ...range });
  }
  return joined;
}

/** The last of the ranges, sorted by their start, that begins at the address or before it. */
export function lastAt<T extends { start: bigint }>(sorted: readonly T[], address: bigint): T | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = sorted[middle];
    if (range && range.start <= address) low = middle + 1;
    else high = middle;
  }
  return sorted[low - 1];
}
