// SPDX-License-Identifier: GPL-3.0-or-later
// Zeros in private anonymous memory stay here: where the images have no page, CRIU leaves the kernel's page of zeros.
// Transparent huge pages are why there are many: the kernel makes 2 MiB of a single page that was touched, and CRIU writes
// them all, at each move more.
import { closeSync, openSync, readSync } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeImageAs,
  decodePagemap,
  encodePagemap,
  PAGE_SIZE,
  type Pagemap,
  type PageRange,
} from '@h-containers/criu-images';
import { HcError } from '@h-containers/tool-kit';
import { isPlainMemory } from '@h-containers/transform';

/** In pages. Smaller gaps would make more ranges than they save. */
const BLOCK = 16;
const BLOCK_BYTES = BLOCK * PAGE_SIZE;
const zeros = Buffer.alloc(BLOCK_BYTES);

/** Bytes [start, end) of a file. */
export interface Piece {
  start: number;
  end: number;
}

export interface Trimmed {
  /** Pagemap images that changed, by name. */
  pagemaps: Map<string, Buffer>;
  /** What is left of the pages files that changed, by name. */
  pages: Map<string, Piece[]>;
}

/** Of the dump in `directory`, whose files stay as they are. */
export async function trimZeros(directory: string): Promise<Trimmed> {
  const names = await readdir(directory);
  const pids = names.flatMap((name) => /^pagemap-(\d+)\.img$/.exec(name)?.[1] ?? []);
  const trimmed: Trimmed = { pagemaps: new Map(), pages: new Map() };
  for (const pid of pids) {
    const name = `pagemap-${pid}.img`;
    const map = decodePagemap(name, await readFile(join(directory, name)));
    const mm = `mm-${pid}.img`;
    const { vmas = [] } = decodeImageAs('mm', mm, await readFile(join(directory, mm))).messages[0] ?? {};
    const pages = `pages-${map.pagesId}.img`;
    const file = openSync(join(directory, pages), 'r');
    try {
      const isDispensable = (address: bigint, offset: number) =>
        isPlainMemory(vmas, address, address + BigInt(BLOCK_BYTES)) && isZero(file, offset);
      const ranges = map.ranges.flatMap((range) => withoutBlocks(range, isDispensable));
      const pieces = piecesOf(ranges);
      if (sizeOf(pieces) === map.size) continue;
      trimmed.pagemaps.set(name, encodePagemap({ ...map, ranges }));
      trimmed.pages.set(pages, pieces);
    } finally {
      closeSync(file);
    }
  }
  return trimmed;
}

const scratch = Buffer.alloc(BLOCK_BYTES);

/** Of most blocks that hold something the first page is enough to tell. */
function isZero(file: number, offset: number): boolean {
  return [PAGE_SIZE, BLOCK_BYTES].every((length) => {
    const count = readSync(file, scratch, 0, length, offset);
    return count === length && scratch.compare(zeros, 0, length, 0, length) === 0;
  });
}

/** What stays of a range when some of its blocks go. */
function withoutBlocks(
  range: PageRange,
  isDispensable: (address: bigint, offset: number) => boolean,
): PageRange[] {
  const { start, pages, offset } = range;
  if (offset === undefined) return [range];
  const kept: PageRange[] = [];
  let current: PageRange | undefined;
  for (let page = 0; page < pages; page += BLOCK) {
    const at = { start: start + BigInt(page * PAGE_SIZE), offset: offset + page * PAGE_SIZE };
    const count = Math.min(BLOCK, pages - page);
    if (count === BLOCK && isDispensable(at.start, at.offset)) current = undefined;
    else if (current) current.pages += count;
    else {
      current = { ...range, ...at, pages: count };
      kept.push(current);
    }
  }
  return kept;
}

/** Where the ranges' pages lie in their file. */
function piecesOf(ranges: Pagemap['ranges']): Piece[] {
  const pieces: Piece[] = [];
  for (const { offset, pages } of ranges) {
    if (offset === undefined) continue;
    const last = pieces.at(-1);
    const end = offset + pages * PAGE_SIZE;
    if (last?.end === offset) last.end = end;
    else pieces.push({ start: offset, end });
  }
  return pieces;
}

export function sizeOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { start, end }) => sum + end - start, 0);
}

const CHUNK = 1 << 20;

/** The bytes of the pieces, one after the other. */
export async function* readPieces(path: string, pieces: readonly Piece[]): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    for (const { start, end } of pieces)
      for (let at = start; at < end; at += CHUNK) {
        const wanted = Math.min(CHUNK, end - at);
        const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(wanted), 0, wanted, at);
        if (bytesRead !== wanted) throw new HcError(`${path} ends at ${at + bytesRead}, before ${end}`);
        yield buffer;
      }
  } finally {
    await file.close();
  }
}
