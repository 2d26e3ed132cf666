// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeImage, type FileEntry, type MmEntry, newImage } from '@h-containers/criu-images';
import { PROT_WRITE, VMA } from '@h-containers/transform';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { filesToCarry, isBelow } from '../src/files.ts';
import { sourceOf } from '../src/source.ts';

const test = suite<{ dir: string }>('what travels along');
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'hc-'));
});
test.after.each(({ dir }) => rmSync(dir, { recursive: true }));

const O_RDONLY = 0;
const O_WRONLY = 1;
const O_RDWR = 2;

const NO_MEMORY: MmEntry = {
  ...{ mm_start_code: 0n, mm_end_code: 0n, mm_start_data: 0n, mm_end_data: 0n, mm_start_stack: 0n },
  ...{ mm_start_brk: 0n, mm_brk: 0n, mm_arg_start: 0n, mm_arg_end: 0n, mm_env_start: 0n, mm_env_end: 0n },
  ...{ exe_file_id: 0, mm_saved_auxv: [], vmas: [], aios: [] },
};

function writeImages(dir: string, files: [path: string, flags: number][], ghosts: number[] = []): void {
  const fown = { uid: 0, euid: 0, signum: 0, pid_type: 0, pid: 0 };
  const entries = files.map(([name, flags], id): FileEntry => {
    return { type: 1, id, reg: { id, flags, pos: 0n, fown, name, build_id: [] } };
  });
  writeFileSync(join(dir, 'files.img'), encodeImage(newImage('files', 'files.img', entries)));
  const remaps = ghosts.map((orig_id) => ({ orig_id, remap_id: 1 }));
  if (remaps.length > 0)
    writeFileSync(
      join(dir, 'remap-fpath.img'),
      encodeImage(newImage('remap-fpath', 'remap-fpath.img', remaps)),
    );
}

test('files open for writing below the directories, each once', async ({ dir }) => {
  for (const name of ['log', 'db', 'input']) writeFileSync(join(dir, name), name);
  const open: [string, number][] = [
    [join(dir, 'log'), O_WRONLY],
    [join(dir, 'db'), O_RDWR],
    [join(dir, 'db'), O_RDWR],
    [join(dir, 'input'), O_RDONLY],
    ['/dev/null', O_RDWR],
    [dir, O_RDWR],
  ];
  writeImages(dir, open);
  const files = await filesToCarry(dir, [dir]);
  assert.equal(
    files.map(({ path }) => path),
    [join(dir, 'db'), join(dir, 'log')],
  );
  assert.equal(
    files.map(({ member }) => member),
    ['hc/file-0', 'hc/file-1'],
  );
  assert.equal(
    files.map(({ size }) => size),
    [2, 3],
  );
});

test('files mapped shared and writable, though CRIU says that they are open for reading only', async ({
  dir,
}) => {
  const names = ['shared', 'private', 'read-only'];
  for (const name of names) writeFileSync(join(dir, name), name);
  writeImages(
    dir,
    names.map((name) => [join(dir, name), O_RDONLY]),
  );
  const mapping = (id: number, status: number, prot: number) => {
    const common = { pgoff: 0n, flags: 1, fd: -1n };
    return {
      start: 4096n * BigInt(id + 1),
      end: 4096n * BigInt(id + 2),
      shmid: BigInt(id),
      status,
      prot,
      ...common,
    };
  };
  const vmas = [
    mapping(0, VMA.FILE_SHARED, PROT_WRITE | 1),
    mapping(1, VMA.FILE_PRIVATE, PROT_WRITE | 1),
    mapping(2, VMA.FILE_SHARED, 1),
  ];
  writeFileSync(join(dir, 'mm-7.img'), encodeImage(newImage('mm', 'mm-7.img', [{ ...NO_MEMORY, vmas }])));
  const files = await filesToCarry(dir, [dir]);
  assert.equal(
    files.map(({ path }) => path),
    [join(dir, 'shared')],
  );
});

test('no directory, no files', async ({ dir }) => {
  assert.equal(await filesToCarry(dir, []), []);
});

test('what has no name any more is left to CRIU', async ({ dir }) => {
  writeImages(dir, [[join(dir, 'gone'), O_RDWR]], [0]);
  assert.equal(await filesToCarry(dir, [dir]), []);
});

test('below means below', () => {
  assert.is(isBelow('/work/job/log', ['/work/job']), true);
  assert.is(isBelow('/work/job', ['/work/job']), false);
  assert.is(isBelow('/work/jobs/log', ['/work/job']), false);
  assert.is(isBelow('/work/..log', ['/work']), true);
});

test("a damaged record of hc-notify's is refused", () => {
  const whole = { pid: 5, parkedAt: '2026-01-31T12:00:00.000Z', processes: [{ pid: 5, startTime: 1 }] };
  assert.equal(sourceOf(whole).processes, [{ pid: 5, startTime: 1 }]);
  for (const part of [
    { pid: 'x' },
    { parkedAt: 1 },
    { processes: [] },
    { processes: [{ pid: 1, startTime: 1 }] },
    { processes: 3 },
  ])
    assert.throws(() => sourceOf({ ...whole, ...part }), /hc-notify.json is damaged/);
  for (const other of [null, 7, 'text']) assert.throws(() => sourceOf(other), /damaged/);
});

test.run();
