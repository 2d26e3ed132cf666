// SPDX-License-Identifier: GPL-3.0-or-later
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readElfFacts } from '@h-containers/bundle';
import { thisMachine } from '@h-containers/processes';
import { compileFixture, startFixture, stop } from '@h-containers/processes/testing';
import { HcError, otherIsa } from '@h-containers/tool-kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkAll, type Situation } from '../src/checks.ts';
import type { OpenFile, Task } from '../src/images.ts';

const parker = compileFixture('parker');
const parkerFacts = await readElfFacts(parker);
const machine = thisMachine();
/** Above the largest pid that any kernel gives. */
const FREE_PID = 4_194_400;

const executable: OpenFile = { id: 1, path: parker, size: parkerFacts.size, buildId: parkerFacts.buildId };

function task(parts: Partial<Task> = {}): Task {
  return {
    pid: FREE_PID,
    tids: [FREE_PID],
    comm: 'app',
    isa: machine.isa,
    executable: 1,
    vmas: [],
    ...parts,
  };
}

function situation(parts: Partial<Situation> & { task?: Partial<Task>; files?: OpenFile[] } = {}): Situation {
  const { task: taskParts, files = [], ...rest } = parts;
  return {
    dump: { tasks: [task(taskParts)], files: [executable, ...files], connections: [] },
    record: {},
    machine,
    pageBytes: 4096,
    ...rest,
  };
}

function vma(start: bigint, end: bigint) {
  return { start, end, pgoff: 0n, shmid: 0n, prot: 3, flags: 2, status: 1, fd: -1n };
}

async function refusal(what: Situation): Promise<HcError> {
  try {
    await checkAll(what);
  } catch (error) {
    if (error instanceof HcError) return error;
    throw error;
  }
  throw new Error('should have been refused');
}

test('what fits is let through', async () => {
  await checkAll(
    situation({
      record: { pageSize: machine.pageSize, buildIds: { [FREE_PID]: parkerFacts.buildId ?? '' } },
    }),
  );
});

test('what /proc has about the process itself need not be there yet; about another one it must', async () => {
  const own = `/proc/${FREE_PID}/stat`;
  await checkAll(situation({ files: [{ ...executable, id: 2, path: own, size: 0 }] }));
  const other = `/proc/${FREE_PID + 1}/stat`;
  const error = await refusal(situation({ files: [{ ...executable, id: 2, path: other, size: 0 }] }));
  assert.match(error.message, `${other}: no such file`);
});

test('images of the other ISA: says which transform is missing', async () => {
  const error = await refusal(situation({ task: { isa: otherIsa(machine.isa) } }));
  assert.is(error.exitCode, 1);
  assert.match(error.hint ?? '', `hc-xform --to ${machine.isa}`);
});

test('another page size can not be helped: exit code 3', async () => {
  const error = await refusal(situation({ record: { pageSize: 65536 } }));
  assert.is(error.exitCode, 3);
  assert.match(error.message, `pages of 65536 bytes, this kernel has pages of ${machine.pageSize}`);
});

test('memory beyond a 39-bit kernel: exit code 3', async () => {
  const high = situation({
    task: { vmas: [vma(1n << 39n, (1n << 39n) + 4096n)] },
    machine: { ...machine, vaBits: 39 },
  });
  const error = await refusal(high);
  assert.is(error.exitCode, 3);
  assert.match(error.message, '0x8000000000 lies beyond');
});

test("x86-64's vsyscall page does not count", async () => {
  await checkAll(situation({ task: { vmas: [vma(0xffffffffff600000n, 0xffffffffff601000n)] } }));
});

test('more memory than the machine has', async () => {
  const error = await refusal(situation({ pageBytes: 2 ** 50 }));
  assert.match(error.message, /needs 1073741824 MiB of memory/);
});

test('a missing executable', async () => {
  const missing = situation();
  missing.dump.files = [{ ...executable, path: '/nonexistent/app' }];
  const error = await refusal(missing);
  assert.is(error.exitCode, 1);
  assert.match(error.message, '/nonexistent/app: no such file');
  assert.match(error.hint ?? '', 'install the bundle');
});

test('an executable that is another program now', async () => {
  const error = await refusal(situation({ record: { buildIds: { [FREE_PID]: 'ab'.repeat(20) } } }));
  assert.match(error.message, 'is another program');
});

test('an executable of the other ISA', async () => {
  const here = otherIsa(machine.isa);
  const wrong = situation({ machine: { ...machine, isa: here }, task: { isa: here } });
  assert.match((await refusal(wrong)).message, `is for ${machine.isa}`);
});

test('every missing file and every other size is listed, with both sizes', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hc-'));
  writeFileSync(join(dir, 'log'), 'four');
  const files = [
    { id: 2, path: join(dir, 'log'), size: 17, buildId: undefined },
    { id: 3, path: join(dir, 'gone'), size: 0, buildId: undefined },
  ];
  const error = await refusal(situation({ files }));
  assert.match(error.message, `${join(dir, 'log')}: 4 bytes, dumped with 17`);
  assert.match(error.message, `${join(dir, 'gone')}: no such file`);
  rmSync(dir, { recursive: true });
});

test('a pid in use: by whom', async () => {
  const error = await refusal(situation({ task: { pid: process.pid, tids: [process.pid] } }));
  assert.match(error.message, `its pid ${process.pid} is in use here by process ${process.pid}`);
});

test('a thread id in use', async () => {
  const error = await refusal(situation({ task: { tids: [FREE_PID, process.pid] } }));
  assert.match(error.message, `its thread id ${process.pid} is in use here`);
});

test('a pid held by what an interrupted move left parked: the way out', async () => {
  const child = await startFixture(parker, []);
  const { park } = await import('@h-containers/processes');
  await park([child.pid], {
    timeoutMs: 5000,
    tree: true,
    signal: new AbortController().signal,
    onTarget: () => {},
  });
  const error = await refusal(situation({ task: { pid: child.pid, tids: [child.pid] } }));
  assert.match(error.hint ?? '', `hc-notify --resume ${child.pid}`);
  stop(child);
});

test('a replaced executable of another size is noticed even without a build-id', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hc-'));
  const copy = join(dir, 'app');
  copyFileSync(parker, copy);
  const other = situation();
  other.dump.files = [{ id: 1, path: copy, size: parkerFacts.size + 1, buildId: undefined }];
  assert.match((await refusal(other)).message, `dumped with ${parkerFacts.size + 1}`);
  rmSync(dir, { recursive: true });
});

test.run();
