// SPDX-License-Identifier: GPL-3.0-or-later
import { HcError } from '@h-containers/tool-kit';
import type { PagemapEntry } from './generated/types.ts';
import { decodeImageAs, encodeImage, type Image, newImage } from './image.ts';

export const PAGE_SIZE = 4096;

/** pagemap_entry.flags */
export const PE_PARENT = 1;
export const PE_LAZY = 2;
export const PE_PRESENT = 4;

/** Pages that lie side by side in the process and, if present, in the pages file. */
export interface PageRange {
  start: bigint;
  pages: number;
  /** PE_*. */
  flags: number;
  /** Byte offset in the pages file; undefined when the pages are in the parent's images or not dumped. */
  offset: number | undefined;
}

export interface Pagemap {
  name: string;
  /** N of pages-N.img. */
  pagesId: number;
  /** In the order of the file, which is ascending. */
  ranges: PageRange[];
  /** Bytes that the pages file must have (at least: several pagemaps may share it). */
  size: number;
}

export function decodePagemap(name: string, bytes: Buffer): Pagemap {
  return pagemapOf(decodeImageAs(pagemapKind(name), name, bytes));
}

function pagemapKind(name: string): 'pagemap' | 'pagemap-shmem' {
  return name.startsWith('pagemap-shmem-') ? 'pagemap-shmem' : 'pagemap';
}

export function pagemapOf(image: Image<'pagemap'> | Image<'pagemap-shmem'>): Pagemap {
  let size = 0;
  let last = -1n;
  const ranges = image.messages.map((entry) => {
    const pages = entry.nr_pages === 0 ? Number(entry.wide_nr_pages ?? 0n) : entry.nr_pages;
    const bytes = pages * PAGE_SIZE;
    const present = (flagsOf(entry) & PE_PRESENT) !== 0;
    const range = { start: entry.vaddr, pages, flags: flagsOf(entry), offset: present ? size : undefined };
    if (entry.vaddr <= last || entry.vaddr % BigInt(PAGE_SIZE) !== 0n)
      throw new HcError(`${image.name}: page range at 0x${entry.vaddr.toString(16)} is out of order`);
    last = entry.vaddr + BigInt(bytes) - 1n;
    if (present) size += bytes;
    return range;
  });
  return { name: image.name, pagesId: image.head.pages_id, ranges, size };
}

/** Images from before CRIU 2.12 have in_parent only. */
function flagsOf(entry: PagemapEntry): number {
  return entry.flags ?? (entry.in_parent ? PE_PARENT : PE_PRESENT);
}

export function encodePagemap(map: Pick<Pagemap, 'name' | 'pagesId' | 'ranges'>): Buffer {
  const messages = map.ranges.map(({ start, pages, flags }) => ({ vaddr: start, nr_pages: pages, flags }));
  return encodeImage(
    newImage(pagemapKind(map.name), map.name, messages, { head: { pages_id: map.pagesId } }),
  );
}

/** The range that holds an address, by bisection. */
export function findRange(map: Pagemap, address: bigint): PageRange | undefined {
  let low = 0;
  let high = map.ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const range = map.ranges[middle];
    if (range === undefined) break;
    if (address < range.start) high = middle;
    else if (address >= range.start + BigInt(range.pages * PAGE_SIZE)) low = middle + 1;
    else return range;
  }
  return undefined;
}

/** Where the byte at an address lies in the pages file; undefined if it is not there. */
export function offsetOf(map: Pagemap, address: bigint): number | undefined {
  const range = findRange(map, address);
  return range?.offset === undefined ? undefined : range.offset + Number(address - range.start);
}
