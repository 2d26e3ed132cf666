// SPDX-License-Identifier: GPL-3.0-or-later
// A dump with a heap of any size, as a stream that is on no disk: a real one, made in the guests, with more memory.
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { abi } from '@h-containers/bundle';
import {
  decodeImageAs,
  decodePagemap,
  encodeImage,
  encodePagemap,
  PAGE_SIZE,
  PE_PRESENT,
} from '@h-containers/criu-images';
import type { ImageSink } from '@h-containers/image-stream';
import type { Isa } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { tools } from '../paths.ts';
import { digestFiles, once } from './once.ts';

/** With the bundle that the dumped program belongs to. */
export const fixtures = join(tools, 'hc-xform/tests/fixtures');
const MEBIBYTE = 1 << 20;
/** Nothing else lies in the upper half of the arena. */
const HEAP = (abi.HC_MMAP_ARENA + abi.HC_SYSTEM_ARENA) / 2n;

type Members = Map<string, Buffer>;

async function membersOf(isa: Isa): Promise<Members> {
  const archive = join(fixtures, `${isa}.tar.gz`);
  const folder = await once(`dump-${isa}`, [await digestFiles([archive])], async (scratch) => {
    await mkdir(scratch, { recursive: true });
    await execa('tar', ['-xzf', archive, '--exclude=hc/ready', '-C', scratch]);
  });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path)] as const),
    ),
  );
}

function only(members: Members, pattern: RegExp): [string, Buffer] {
  const [found] = [...members].filter(([name]) => pattern.test(name));
  if (!found) throw new Error(`The dump in ${fixtures} has no ${pattern}`);
  return found;
}

/** One more private anonymous mapping. */
function withHeap(members: Members, mib: number): Members {
  const [mmName, mmBytes] = only(members, /^mm-\d+\.img$/);
  const [mapName, mapBytes] = only(members, /^pagemap-\d+\.img$/);
  const mm = decodeImageAs('mm', mmName, mmBytes);
  const size = BigInt(mib) * BigInt(MEBIBYTE);
  for (const entry of mm.messages) {
    const like = entry.vmas.find(({ start }) => start >= abi.HC_MMAP_ARENA) ?? entry.vmas.at(-1);
    if (!like) throw new Error(`${mmName} has no mappings`);
    const after = entry.vmas.findIndex(({ start }) => start > HEAP);
    entry.vmas.splice(after === -1 ? entry.vmas.length : after, 0, {
      ...like,
      start: HEAP,
      end: HEAP + size,
    });
  }
  const map = decodePagemap(mapName, mapBytes);
  const after = map.ranges.findIndex(({ start }) => start > HEAP);
  const at = after === -1 ? map.ranges.length : after;
  const heap = { start: HEAP, pages: (mib * MEBIBYTE) / PAGE_SIZE, flags: PE_PRESENT, offset: undefined };
  const ranges = map.ranges.toSpliced(at, 0, heap);
  return new Map([...members, [mmName, encodeImage(mm)], [mapName, encodePagemap({ ...map, ranges })]]);
}

/** Where in the pages the heap's come. */
function heapOffset(members: Members): number {
  const map = decodePagemap(...only(members, /^pagemap-\d+\.img$/));
  return map.ranges.find(({ start }) => start > HEAP)?.offset ?? map.size;
}

async function* pagesWith(pages: Buffer, at: number, mib: number) {
  const chunk = Buffer.alloc(MEBIBYTE, 'content of a heap');
  yield pages.subarray(0, at);
  for (let left = mib; left > 0; left--) yield chunk;
  yield pages.subarray(at);
}

/** Writes the dump of a program with `mib` of heap. */
export async function writeLargeDump(isa: Isa, mib: number, sink: ImageSink): Promise<void> {
  const original = await membersOf(isa);
  const [pagesName, pages] = only(original, /^pages-\d+\.img$/);
  const members = withHeap(original, mib);
  for (const [name, bytes] of members) if (name !== pagesName) await sink.add(name, bytes);
  const size = pages.length + mib * MEBIBYTE;
  await sink.addStream(pagesName, size, pagesWith(pages, heapOffset(original), mib));
  await sink.finish();
}
