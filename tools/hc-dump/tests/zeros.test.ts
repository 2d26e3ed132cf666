// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  decodePagemap,
  encodeImage,
  encodePagemap,
  newImage,
  PAGE_SIZE,
  type PageRange,
  PE_PRESENT,
} from '@h-containers/criu-images';
import { PROT_WRITE, VMA } from '@h-containers/transform';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readPieces, type Trimmed, trimZeros } from '../src/zeros.ts';

const folder = mkdtempSync(join(tmpdir(), 'hc-zeros-test-'));
test.after(() => rmSync(folder, { recursive: true }));

const START = 0x10_0000n;
const address = (page: number): bigint => START + BigInt(page * PAGE_SIZE);

interface Mapping {
  pages: number;
  status: number;
}

/** A dump of mappings side by side from START; `present` says what of each page is dumped: its byte, or nothing. */
function writeDump(mappings: readonly Mapping[], present: readonly (number | undefined)[]): void {
  let page = 0;
  const vmas = mappings.map(({ pages, status }) => {
    const [start, end] = [address(page), address(page + pages)];
    page += pages;
    return {
      ...{ start, end, pgoff: 0n, shmid: 0n, prot: 1 | PROT_WRITE, flags: 0x22, status, fd: -1n },
    };
  });
  const mm = { mm_start_code: 0n, mm_end_code: 0n, mm_start_data: 0n, mm_end_data: 0n, mm_start_stack: 0n };
  const more = {
    mm_start_brk: 0n,
    mm_brk: 0n,
    mm_arg_start: 0n,
    mm_arg_end: 0n,
    mm_env_start: 0n,
    mm_env_end: 0n,
  };
  const image = newImage('mm', 'mm-7.img', [
    { ...mm, ...more, exe_file_id: 1, mm_saved_auxv: [], vmas, aios: [] } as never,
  ]);
  writeFileSync(join(folder, 'mm-7.img'), encodeImage(image));
  const ranges: PageRange[] = [];
  const contents: Buffer[] = [];
  for (const [index, byte] of present.entries()) {
    if (byte === undefined) continue;
    contents.push(pageOf(byte));
    const last = ranges.at(-1);
    if (last && last.start + BigInt(last.pages * PAGE_SIZE) === address(index)) last.pages += 1;
    else ranges.push({ start: address(index), pages: 1, flags: PE_PRESENT, offset: 0 });
  }
  const name = 'pagemap-7.img';
  writeFileSync(join(folder, name), encodePagemap({ name, pagesId: 1, ranges }));
  writeFileSync(join(folder, 'pages-1.img'), Buffer.concat(contents));
}

/** Zeros but for its last byte. */
function pageOf(byte: number): Buffer {
  const page = Buffer.alloc(PAGE_SIZE);
  page[PAGE_SIZE - 1] = byte;
  return page;
}

/** The byte of each page that the trimmed images have. */
async function readBack({ pagemaps, pages }: Trimmed): Promise<Map<bigint, number>> {
  const name = 'pagemap-7.img';
  const map = decodePagemap(name, pagemaps.get(name) ?? readFileSync(join(folder, name)));
  const path = join(folder, 'pages-1.img');
  const pieces = pages.get('pages-1.img') ?? [{ start: 0, end: readFileSync(path).length }];
  const chunks: Buffer[] = [];
  for await (const chunk of readPieces(path, pieces)) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  assert.is(bytes.length, map.size);
  const found = new Map<bigint, number>();
  for (const { start, pages: count, offset = 0 } of map.ranges)
    for (let page = 0; page < count; page += 1)
      found.set(start + BigInt(page * PAGE_SIZE), bytes[offset + (page + 1) * PAGE_SIZE - 1] ?? -1);
  return found;
}

/** What a process would see: zeros where there is no page. */
function check(found: Map<bigint, number>, present: readonly (number | undefined)[]): void {
  for (const [index, byte] of present.entries())
    assert.is(found.get(address(index)) ?? 0, byte ?? 0, `page ${index}`);
}

test('what a huge page has besides the page that was touched does not travel', async () => {
  const present = Array.from({ length: 512 }, (_, page) => (page === 300 ? 7 : 0));
  writeDump([{ pages: 512, status: 1 | VMA.ANON_PRIVATE }], present);
  const found = await readBack(await trimZeros(folder));
  check(found, present);
  assert.is(found.size, 16);
});

test('pages of zeros over a file stay: without them the file would show', async () => {
  const present = Array.from({ length: 96 }, () => 0);
  const mappings = [
    { pages: 32, status: 1 | VMA.ANON_PRIVATE },
    { pages: 32, status: 1 | VMA.FILE_PRIVATE },
    { pages: 32, status: 1 | VMA.ANON_SHARED },
  ];
  writeDump(mappings, present);
  const found = await readBack(await trimZeros(folder));
  assert.equal(
    [...found.keys()],
    Array.from({ length: 64 }, (_, page) => address(32 + page)),
  );
});

test('images without zeros are left alone', async () => {
  writeDump(
    [{ pages: 64, status: 1 | VMA.ANON_PRIVATE }],
    Array.from({ length: 64 }, () => 1),
  );
  const trimmed = await trimZeros(folder);
  assert.equal([trimmed.pagemaps.size, trimmed.pages.size], [0, 0]);
});

test('memory is the same after any pattern', async () => {
  let state = 12345;
  const random = (below: number) => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return (state >> 8) % below;
  };
  for (let round = 0; round < 40; round += 1) {
    const sizes = Array.from({ length: 1 + random(4) }, () => 1 + random(90));
    const kinds = [VMA.ANON_PRIVATE, VMA.FILE_PRIVATE];
    const mappings = sizes.map((pages) => ({ pages, status: 1 | (kinds[random(2)] ?? 0) }));
    const present: (number | undefined)[] = [];
    while (present.length < sizes.reduce((sum, size) => sum + size)) {
      const byte = [undefined, 0, 0, 1 + random(255)][random(4)];
      for (let left = random(40); left >= 0; left -= 1) present.push(byte);
    }
    present.length = sizes.reduce((sum, size) => sum + size);
    writeDump(mappings, present);
    check(await readBack(await trimZeros(folder)), present);
  }
});

test.run();
