// SPDX-License-Identifier: 0BSD
// Programs on this machine are asked to park and run on, as hc-notify does it.
import { once } from 'node:events';
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type FileId, park, release, seenAs, withMemory, writeIdentities } from '@h-containers/processes';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countMove, freeze, options, start } from './parking.ts';
import { folder } from './programs.ts';

const FROZEN_MS = 400;
const test = suite('parking');

/** Call, result, errno. */
const timed: [string, number, number][] = [
  ['nanosleep', 0, 0],
  ['usleep', 0, 0],
  ['poll', 0, 0],
  ['ppoll', 0, 0],
  ['select', 0, 0],
  ['pselect', 0, 0],
  ['epoll', 0, 0],
  ['sigtimedwait', -1, 11],
  ['semaphore', -1, 110],
];

if (process.arch === 'x64') {
  for (const [call, result, errno] of timed) {
    test(`${call} is made again with what is left: time frozen does not count`, async () => {
      const { child, pid, line } = await start('waits', [call]);
      assert.is(await line(), 'begins');
      await sleep(100);
      await freeze(pid, FROZEN_MS);
      await sleep(50);
      await freeze(pid, 0);
      const [gotResult, gotErrno, ms] = (await line()).split(' ').map(Number);
      assert.equal([gotResult, gotErrno], [result, errno]);
      assert.ok(ms !== undefined && ms >= 500 + FROZEN_MS - 20 && ms < 500 + FROZEN_MS + 150, `${ms} ms`);
      await child;
    });
  }

  test('a call without a time-out is made again', async () => {
    const { child, pid, line } = await start('waits', ['read']);
    assert.is(await line(), 'begins');
    for (let round = 0; round < 20; round++) await freeze(pid, 5);
    child.stdin.write('x');
    assert.match(await line(), /^1 0 /);
    await child;
  });

  test('stdio input is made again', async () => {
    const { child, pid, line } = await start('waits', ['getchar']);
    assert.is(await line(), 'begins');
    await freeze(pid, 5);
    child.stdin.write('A');
    assert.match(await line(), /^65 0 /);
    await child;
  });

  test('waiting for a file lock is made again', async () => {
    const { child, pid, line } = await start('waits', ['flock']);
    assert.is(await line(), 'begins');
    await sleep(50);
    await freeze(pid, 5);
    assert.match(await line(), /^0 0 [45]\d\d$/);
    await child;
  });

  test('waitpid is made again', async () => {
    const { child, pid, line } = await start('waits', ['child']);
    assert.is(await line(), 'begins');
    await freeze(pid, FROZEN_MS);
    assert.match(await line(), /^5 0 /);
    await child;
  });

  test('a handler without SA_RESTART ends a call with EINTR, parked in between or not', async () => {
    const { child, pid, line } = await start('waits', ['alarm']);
    assert.is(await line(), 'begins');
    await freeze(pid, 100);
    assert.match(await line(), /^-1 4 /);
    await child;
  });

  test('a signal that comes while parked is handled afterwards', async () => {
    const { child, pid, line } = await start('waits', ['alarm']);
    assert.is(await line(), 'begins');
    await freeze(pid, 700);
    assert.match(await line(), /^-1 4 [67]\d\d$/);
    await child;
  });

  test('interval timers stand still during a move and ring when they should have', async () => {
    const { child, pid, line } = await start('waits', ['interval']);
    assert.is(await line(), 'begins');
    await sleep(100);
    const targets = await park([pid], options());
    countMove(pid);
    await sleep(600);
    await release(targets);
    assert.match(await line(), /^-1 4 5\d\d$/);
    await child;
  });

  test('a handler does not park; the call it interrupted is left when it is over', async () => {
    const { child, pid, line } = await start('waits', ['handler']);
    assert.is(await line(), 'begins');
    await sleep(50);
    const before = performance.now();
    const targets = await park([pid], options());
    assert.ok(performance.now() - before > 300, 'parked within the handler');
    await release(targets);
    child.stdin.write('x');
    assert.match(await line(), /^1 0 /);
    await child;
  });

  test('a computing program parks within milliseconds and comes to the same result', async () => {
    const { child, pid, line } = await start('computes', []);
    assert.is(await line(), 'begins');
    for (let round = 0; round < 50; round++) {
      const before = performance.now();
      const targets = await park([pid], options());
      assert.ok(performance.now() - before < 200);
      await release(targets);
    }
    child.stdin.end();
    assert.is(await line(), 'same');
    await child;
  });

  for (const entry of ['first', 'second']) {
    test(`a loop that can be entered at two places parks, entered at the ${entry}`, async () => {
      const { child, pid, line } = await start('two-entries', entry === 'first' ? [] : [entry]);
      assert.is(await line(), 'begins');
      await freeze(pid, 5);
      process.kill(pid, 'SIGUSR1');
      assert.is(await line(), 'ended');
      await child;
    });
  }

  test('after a move jmp_bufs lead to the same frames, and clocks go on where they were', async () => {
    const { child, pid, line } = await start('moves', []);
    assert.is(await line(), 'begins');
    for (let round = 1; round <= 3; round++) {
      await sleep(50);
      const targets = await park([pid], options());
      countMove(pid);
      await sleep(FROZEN_MS);
      await release(targets);
      child.stdin.write('x');
      const text = await line();
      assert.match(text, /^\d+$/);
      assert.ok(Number(text) < FROZEN_MS, `${text} ms`);
    }
    assert.is((await child).exitCode, 0);
  });

  test('files have the identity that the program has seen, one to one', async () => {
    const names = ['a', 'b', 'c', 'd'].map((name) => join(folder, name));
    for (const name of names) writeFileSync(name, '');
    const { child, pid, line } = await start('identity', names);
    assert.is(await line(), 'begins');
    const ids = names.map((name) => {
      const { dev, ino } = statSync(name, { bigint: true });
      return { device: dev, inode: ino };
    });
    const [a, b, c] = ids as [FileId, FileId, FileId];
    // b is known by what is a's identity here, and a by c's: c has to step back.
    const table = [
      { here: b, seen: a },
      { here: a, seen: c },
      { here: { device: 1n, inode: 2n }, seen: { device: 0x12_0034_56n, inode: 1n << 40n } },
    ];
    withMemory(pid, (memory) => writeIdentities(memory, table));
    child.stdin.write('x');
    for (const id of ids) {
      const { device, inode } = seenAs(id, table);
      assert.is(await line(), ` ${Array(5).fill(`${device}:${inode}`).join(' ')}`);
    }
    assert.is((await child).exitCode, 0);
  });

  test('a program that ends by a signal while parked is gone', async () => {
    const { child, pid, line } = await start('waits', ['read']);
    assert.is(await line(), 'begins');
    await park([pid], options());
    process.kill(pid, 'SIGKILL');
    await once(child, 'exit');
    assert.is(child.signalCode, 'SIGKILL');
  });
}

test.run();
