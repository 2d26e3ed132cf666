// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { abi } from '@h-containers/bundle';
import {
  decodeImageAs,
  decodePagemap,
  encodeImage,
  encodePagemap,
  type MmEntry,
  newImage,
  PE_PRESENT,
  type VmaEntry,
} from '@h-containers/criu-images';
import { ownVdso } from '@h-containers/processes';
import { VMA } from '@h-containers/transform';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Task } from '../src/images.ts';
import { addVdso, vdsoMappings } from '../src/vdso.ts';

const PAGE = 4096;
const vdso = { code: Buffer.alloc(2 * PAGE, 'v'), dataSize: 4 * PAGE, dataFirst: true };
const test = suite<{ images: string }>('vDSO in images');
test.before.each((context) => {
  context.images = mkdtempSync(join(tmpdir(), 'hc-'));
});
test.after.each(({ images }) => rmSync(images, { recursive: true }));

function vma(start: bigint, status: number): VmaEntry {
  return { start, end: start + BigInt(PAGE), pgoff: 0n, shmid: 0n, prot: 3, flags: 0x22, status, fd: -1n };
}

/** A process with one page at each of the addresses. */
function writeTask(images: string, vmas: VmaEntry[]): Task {
  const words = [
    ...['start_code', 'end_code', 'start_data', 'end_data', 'start_stack', 'start_brk', 'brk'],
    ...['arg_start', 'arg_end', 'env_start', 'env_end'],
  ].map((name) => [`mm_${name}`, 0n]);
  const mm = {
    ...Object.fromEntries(words),
    exe_file_id: 1,
    mm_saved_auxv: [],
    vmas,
    aios: [],
  } as unknown as MmEntry;
  writeFileSync(join(images, 'mm-7.img'), encodeImage(newImage('mm', 'mm-7.img', [mm])));
  const ranges = vmas.map(({ start }) => ({ start, pages: 1, flags: PE_PRESENT, offset: undefined }));
  writeFileSync(join(images, 'pagemap-7.img'), encodePagemap({ name: 'pagemap-7.img', pagesId: 1, ranges }));
  writeFileSync(join(images, 'pages-1.img'), Buffer.alloc(vmas.length * PAGE, 'p'));
  return { pid: 7, tids: [7], comm: 'app', isa: 'x86-64', executable: 1, vmas };
}

test('both areas lie side by side in the slot, in the order of the kernel', () => {
  const first = vdsoMappings(vdso);
  assert.is(first.data?.start, abi.HC_VDSO_SLOT);
  assert.is(first.code.start, first.data?.end);
  const last = vdsoMappings({ ...vdso, dataFirst: false });
  assert.is(last.code.start, abi.HC_VDSO_SLOT);
  assert.is(last.data?.start, last.code.end);
  assert.is(vdsoMappings({ ...vdso, dataSize: 0, dataFirst: false }).data, undefined);
});

test('a process without one gets mappings, pages at the end and a page map that finds them', async ({
  images,
}) => {
  const task = writeTask(images, [vma(0x400000n, 513), vma(0x3e00000000n, 513)]);
  assert.is(await addVdso(images, task, vdso), true);
  const mm = decodeImageAs('mm', 'mm-7.img', readFileSync(join(images, 'mm-7.img'))).messages[0];
  const starts = mm?.vmas.map(({ start }) => start) ?? [];
  assert.equal(
    starts,
    starts.toSorted((a, b) => Number(a - b)),
  );
  assert.is(mm?.vmas.filter(({ status }) => status & VMA.VDSO).length, 1);
  assert.is(mm?.vmas.filter(({ status }) => status & VMA.VVAR).length, 1);
  const map = decodePagemap('pagemap-7.img', readFileSync(join(images, 'pagemap-7.img')));
  const range = map.ranges.at(-1);
  assert.is(range?.start, abi.HC_VDSO_SLOT + BigInt(vdso.dataSize));
  const pages = readFileSync(join(images, 'pages-1.img'));
  assert.ok(pages.subarray(range?.offset, (range?.offset ?? 0) + vdso.code.length).equals(vdso.code));
  assert.is(pages.length, map.size);
});

const KEEPS: Record<string, VmaEntry[]> = {
  'has a vDSO of its own': [vma(0x400000n, 513), vma(0x7fff00000000n, 513 | VMA.VDSO)],
  'has something in the slot': [vma(abi.HC_VDSO_SLOT, 513)],
  'has pages above the slot': [vma(0x7fff00000000n, 513)],
};

for (const [what, vmas] of Object.entries(KEEPS))
  test(`a process that ${what} stays as it is`, async ({ images }) => {
    const task = writeTask(images, vmas);
    const before = readFileSync(join(images, 'mm-7.img'));
    assert.is(await addVdso(images, task, vdso), false);
    assert.ok(readFileSync(join(images, 'mm-7.img')).equals(before));
    assert.is(readFileSync(join(images, 'pages-1.img')).length, vmas.length * PAGE);
  });

test('a pages file of another size than the page map says is not touched', async ({ images }) => {
  const task = writeTask(images, [vma(0x400000n, 513)]);
  writeFileSync(join(images, 'pages-1.img'), Buffer.alloc(10));
  assert.is(await addVdso(images, task, vdso), false);
});

test("this kernel's own is an ELF file with a data area beside it", () => {
  const own = ownVdso();
  assert.is(own?.code.readUInt32BE(0), 0x7f454c46);
  assert.is((own?.code.length ?? 1) % PAGE, 0);
});

test.run();
