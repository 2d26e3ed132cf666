// SPDX-License-Identifier: GPL-3.0-or-later
//
// Editing a dump's pages without seeing them: the pagemap and the edits give a new pagemap and a short list of
// operations, which is then applied to pages-N.img as it passes by.
import { type Pagemap, type PageRange, PE_LAZY, PE_PARENT, PE_PRESENT } from '@h-containers/criu-images';
import { higher, lower, normalise, PAGE_SIZE, pageDown, pageUp, type Range } from './page.ts';
import { damaged, hex, refuse } from './refusal.ts';

export interface Write {
  address: bigint;
  bytes: Uint8Array;
}

export interface PageEdits {
  /** Whole pages that vanish. */
  drop: readonly Range[];
  /** After that. Pages that are not there are made, of zeros. Must not overlap. */
  write: readonly Write[];
}

export type PageOp =
  | { kind: 'copy'; length: number }
  | { kind: 'skip'; length: number }
  | { kind: 'put'; bytes: Uint8Array };

export interface PagePlan {
  ranges: PageRange[];
  ops: PageOp[];
  /** Bytes of the edited pages file. */
  size: number;
  /** Bytes that the unedited one must have. */
  sourceSize: number;
}

/** What of a pagemap can't be edited. */
export function checkPagemap(map: Pagemap, who: string): void {
  for (const { start, flags, pages } of map.ranges) {
    const where = `${who}: page at ${hex(start)}`;
    if (flags & PE_PARENT)
      refuse(`${where} is in the images of an earlier pre-dump`, 'dump without --prev-images-dir');
    if (!(flags & PE_PRESENT)) {
      if (flags & PE_LAZY)
        refuse(`${where} was left on the source (lazy pages)`, 'dump without --lazy-pages');
      damaged(`${where} is neither in these images nor elsewhere`);
    }
    if (pages <= 0) damaged(`${where}: an empty range in ${map.name}`);
  }
}

export function planPages(map: Pagemap, edits: PageEdits): PagePlan {
  const kept = subtract(map.ranges, normalise(edits.drop));
  const writes = edits.write
    .filter(({ bytes }) => bytes.length > 0)
    .toSorted((a, b) => (a.address < b.address ? -1 : 1));
  const fresh = absent(kept, normalise(writes.map(pagesOf)));
  const ranges = merge(kept, fresh);
  return { ...compile(ranges, writes, map.size), ranges: ranges.map(placed()), sourceSize: map.size };
}

function endOf({ start, pages }: PageRange): bigint {
  return start + BigInt(pages) * PAGE_SIZE;
}

function endOfWrite({ address, bytes }: Write): bigint {
  return address + BigInt(bytes.length);
}

function pagesOf(write: Write): Range {
  return { start: pageDown(write.address), end: pageUp(endOfWrite(write)) };
}

/** The part [start, end) of a range. */
function slice(range: PageRange, start: bigint, end: bigint): PageRange {
  const offset = range.offset === undefined ? undefined : range.offset + Number(start - range.start);
  return { ...range, start, pages: Number((end - start) / PAGE_SIZE), offset };
}

function subtract(ranges: readonly PageRange[], drops: readonly Range[]): PageRange[] {
  const kept: PageRange[] = [];
  let d = 0;
  for (const range of ranges) {
    const end = endOf(range);
    let at = range.start;
    for (; d < drops.length; d++) {
      const drop = drops[d];
      if (!drop || drop.start >= end) break;
      if (drop.start > at) kept.push(slice(range, at, drop.start));
      if (drop.end > at) at = drop.end;
      if (drop.end > end) break; // goes on in the next range
    }
    if (at < end) kept.push(at === range.start ? range : slice(range, at, end));
  }
  return kept;
}

/** The parts of `wanted` that no range has: pages of zeros, present from now on. */
function absent(ranges: readonly PageRange[], wanted: readonly Range[]): PageRange[] {
  const fresh: PageRange[] = [];
  const add = (start: bigint, end: bigint) => {
    const pages = Number((end - start) / PAGE_SIZE);
    if (pages > 0) fresh.push({ start, pages, flags: PE_PRESENT, offset: undefined });
  };
  let r = 0;
  for (const { start, end } of wanted) {
    let at = start;
    for (; r < ranges.length; r++) {
      const range = ranges[r];
      if (!range || range.start >= end) break;
      if (range.start > at) add(at, range.start);
      const after = endOf(range);
      if (after > at) at = after;
      if (after > end) break;
    }
    if (at < end) add(at, end);
  }
  return fresh;
}

function merge(a: readonly PageRange[], b: readonly PageRange[]): PageRange[] {
  if (b.length === 0) return [...a];
  return [...a, ...b].sort((x, y) => (x.start < y.start ? -1 : 1));
}

/** Gives each range its offset in the edited file. */
function placed(): (range: PageRange) => PageRange {
  let offset = 0;
  return (range) => {
    const at = offset;
    offset += range.pages * Number(PAGE_SIZE);
    return { ...range, offset: at };
  };
}

function compile(
  ranges: readonly PageRange[],
  writes: readonly Write[],
  total: number,
): { ops: PageOp[]; size: number } {
  const ops = new Ops();
  let source = 0; // position in the file that is read
  let w = 0;
  for (const range of ranges) {
    const end = endOf(range);
    if (range.offset !== undefined) {
      ops.skip(range.offset - source);
      source = range.offset + range.pages * Number(PAGE_SIZE);
    }
    const zeros = range.offset === undefined ? Buffer.alloc(range.pages * Number(PAGE_SIZE)) : undefined;
    let at = range.start;
    for (; w < writes.length; w++) {
      const write = writes[w];
      if (!write || write.address >= end) break;
      // A write may begin before this range and end behind it: neighbours of fresh pages.
      const from = higher(write.address, range.start);
      const to = lower(endOfWrite(write), end);
      const bytes = write.bytes.subarray(Number(from - write.address), Number(to - write.address));
      if (zeros) zeros.set(bytes, Number(from - range.start));
      else {
        ops.copy(Number(from - at));
        ops.skip(bytes.length);
        ops.put(bytes);
        at = to;
      }
      if (endOfWrite(write) > end) break;
    }
    if (zeros) ops.put(zeros);
    else ops.copy(Number(end - at));
  }
  ops.skip(total - source);
  return { ops: ops.list, size: ops.size };
}

/** Joins neighbours of one kind, so that a large heap is one operation. */
class Ops {
  readonly list: PageOp[] = [];
  size = 0;

  copy(length: number): void {
    this.size += length;
    this.#add('copy', length);
  }

  skip(length: number): void {
    this.#add('skip', length);
  }

  put(bytes: Uint8Array): void {
    this.size += bytes.length;
    if (bytes.length > 0) this.list.push({ kind: 'put', bytes });
  }

  #add(kind: 'copy' | 'skip', length: number): void {
    const last = this.list.at(-1);
    if (length === 0) return;
    if (last?.kind === kind) last.length += length;
    else this.list.push({ kind, length });
  }
}

/** Applies the operations to the contents of a pages file. Chunks pass through as views: nothing is copied. */
export async function* editPages(
  chunks: AsyncIterable<Buffer>,
  ops: readonly PageOp[],
  name: string,
): AsyncGenerator<Buffer> {
  const todo = ops.values();
  let op = todo.next().value;
  let left = 0; // of the current copy or skip
  const advance = function* (): Generator<Buffer> {
    for (; op?.kind === 'put'; op = todo.next().value) yield asBuffer(op.bytes);
    left = op?.length ?? 0;
  };
  yield* advance();
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      if (!op || op.kind === 'put') damaged(`${name}: longer than its pagemap says`);
      const length = Math.min(left, chunk.length - at);
      if (op.kind === 'copy') yield chunk.subarray(at, at + length);
      at += length;
      left -= length;
      if (left > 0) continue;
      op = todo.next().value;
      yield* advance();
    }
  }
  if (op) damaged(`${name}: ends early`);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
