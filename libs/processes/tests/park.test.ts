// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { abi } from '@h-containers/bundle';
import { HcError } from '@h-containers/tool-kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  childrenOf,
  identify,
  isAlive,
  park,
  parking,
  readControl,
  readStat,
  readThreads,
  release,
  type Target,
  threadsOf,
  withMemoryIfAny,
} from '../src/index.ts';
import { compileFixture, startFixture, stop } from './fixture.ts';

const parker = compileFixture('parker');

type Fixture = Awaited<ReturnType<typeof startFixture>>;

async function withParker(args: string[], work: (child: Fixture) => Promise<void>, program = parker) {
  const child = await startFixture(program, args);
  try {
    await work(child);
  } finally {
    stop(child);
  }
}

function request(timeoutMs = 5000, signal = new AbortController().signal) {
  const touched: Target[] = [];
  return { touched, options: { timeoutMs, tree: true, signal, onTarget: (t: Target) => touched.push(t) } };
}

async function failure(work: Promise<unknown>): Promise<HcError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof HcError) return error;
    throw error;
  }
  throw new Error('should have failed');
}

test('every thread of a process parks and runs on when released', () =>
  withParker(['threads=4'], async (child) => {
    const { touched, options } = request();
    const [parked] = await park([child.pid], options);
    assert.is(parked?.threads.length, 4);
    assert.is(parking(touched[0] as Target)?.complete, true);
    assert.equal(await release(touched), [child.pid]);
    const after = parking(touched[0] as Target);
    assert.is(after?.control.parked, 0);
    assert.ok(after?.threads.every((thread) => thread.state === 0));
  }));

test('a thread in a long blocking system call parks at once', () =>
  withParker(['threads=3', 'sleep'], async (child) => {
    const { touched, options } = request();
    const begin = performance.now();
    await park([child.pid], options);
    assert.ok(performance.now() - begin < 3000);
    await release(touched);
  }));

test('descendants park with their parent', () =>
  withParker(['fork', 'threads=2'], async (child) => {
    const { touched, options } = request();
    const parked = await park([child.pid], options);
    assert.is(parked.length, 2);
    assert.is(parked[0]?.pid, child.pid);
    assert.is(readStat(parked[1]?.pid ?? 0)?.ppid, child.pid);
    await release(touched);
  }));

test('a thread that does not park is named, and what was parked can be released', () =>
  withParker(['threads=3', 'deaf'], async (child) => {
    const { touched, options } = request(300);
    const error = await failure(park([child.pid], options));
    assert.is(error.exitCode, 3);
    const last = threadsOf(child.pid).at(-1);
    assert.match(error.message, `thread ${last}: `);
    assert.match(error.message, 'after 0.3 s');
    await release(touched);
    assert.is(parking(touched[0] as Target)?.control.parked, 0);
  }));

test('a thread in a signal handler is named as such', () =>
  withParker(['handler'], async (child) => {
    const { touched, options } = request(200);
    const error = await failure(park([child.pid], options));
    assert.match(error.message, 'in a signal handler');
    await release(touched);
  }));

test('an interruption ends the wait', () =>
  withParker(['deaf'], async (child) => {
    const controller = new AbortController();
    const { touched, options } = request(60_000, controller.signal);
    setTimeout(() => controller.abort(new HcError('interrupted')), 50);
    assert.is((await failure(park([child.pid], options))).message, 'interrupted');
    await release(touched);
  }));

test('a stopped process is refused untouched', () =>
  withParker([], async (child) => {
    process.kill(child.pid, 'SIGSTOP');
    while (readStat(child.pid)?.state !== 'T') await sleep(5);
    const { touched, options } = request();
    const error = await failure(park([child.pid], options));
    assert.is(error.exitCode, 3);
    assert.match(error.message, 'is stopped');
    assert.is(touched.length, 0);
  }));

test('a process that somebody else parked is refused', () =>
  withParker([], async (child) => {
    const first = request();
    await park([child.pid], first.options);
    const second = request();
    const error = await failure(park([child.pid], second.options));
    assert.match(error.message, 'asked to park already');
    assert.is(second.touched.length, 0);
    await release(first.touched);
  }));

test('release continues a process that was stopped while parked', () =>
  withParker(['threads=2'], async (child) => {
    const { touched, options } = request();
    await park([child.pid], options);
    process.kill(child.pid, 'SIGSTOP');
    while (readStat(child.pid)?.state !== 'T') await sleep(5);
    await release([identify(child.pid)]);
    assert.is(parking(touched[0] as Target)?.control.parked, 0);
    assert.not(readStat(child.pid)?.state === 'T');
  }));

test('a program that is not ours is refused with exit code 3', async () => {
  const { touched, options } = request();
  const error = await failure(park([process.pid], options));
  assert.is(error.exitCode, 3);
  assert.match(error.message, `process ${process.pid}`);
  assert.match(error.hint ?? '', 'hc-compile');
  assert.is(touched.length, 0);
});

test('a program of another interface version is refused', async () => {
  const other = compileFixture('parker', ['-DVERSION=99']);
  await withParker(
    [],
    async (child) => {
      const error = await failure(park([child.pid], request().options));
      assert.is(error.exitCode, 3);
      assert.match(error.message, /version 99 .* for 1/);
    },
    other,
  );
  rmSync(other);
});

test('a program whose executable was deleted is refused', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hc-'));
  const copy = join(dir, 'app');
  copyFileSync(parker, copy);
  await withParker(
    [],
    async (child) => {
      rmSync(copy);
      const error = await failure(park([child.pid], request().options));
      assert.is(error.exitCode, 3);
      assert.match(error.message, 'deleted or replaced');
    },
    copy,
  );
  rmSync(dir, { recursive: true });
});

test('a pid that is not in use is an error', async () => {
  assert.is((await failure(park([4194303], request().options))).message, 'there is no process 4194303');
});

test('a process that ended is not mistaken for another one with its pid', () => {
  const { startTime } = identifySelf();
  assert.is(isAlive({ pid: process.pid, startTime }), true);
  assert.is(isAlive({ pid: process.pid, startTime: startTime + 1 }), false);
});

test('a process that ends while it is looked at is gone, not an error', async () => {
  // Its child becomes a zombie that nobody reaps.
  const parent = spawn('sh', ['-c', 'true & exec sleep 60'], { stdio: 'ignore' });
  try {
    const zombie = async () => childrenOf(parent.pid ?? 0).find((pid) => readStat(pid)?.state === 'Z');
    let pid = await zombie();
    for (let tries = 0; pid === undefined && tries < 500; tries++) {
      await sleep(10);
      pid = await zombie();
    }
    assert.type(pid, 'number');
    assert.is(
      withMemoryIfAny(pid as number, () => 'memory'),
      undefined,
    );
  } finally {
    parent.kill('SIGKILL');
  }
});

test('a process that ends between two looks at its threads is gone, not damaged', () =>
  withParker([], async (child) => {
    const seen = withMemoryIfAny(child.pid, (memory) => {
      const control = readControl(memory);
      if (!control) throw new Error('no control block');
      process.kill(child.pid, 'SIGKILL');
      while (memory.read(abi.HC_CONTROL_ADDRESS, 8)) {}
      return readThreads(memory, control);
    });
    assert.is(seen, undefined);
  }));

function identifySelf() {
  const stat = readStat(process.pid);
  if (!stat) throw new Error('no /proc/self');
  return stat;
}

test.run();
