// SPDX-License-Identifier: 0BSD
// Programs with several threads are asked to park and run on, as hc-notify does it.
import { setTimeout as sleep } from 'node:timers/promises';
import { park, processTree, readStat, release, type Target } from '@h-containers/processes';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countMove, options, start } from './parking.ts';

const test = suite('parking threads');

/** Parks, looks, releases. How long parking took, in ms. */
async function round(pid: number, moves = false, ms = 0): Promise<{ threads: number; took: number }> {
  const before = performance.now();
  const targets = await park([pid], options(10_000));
  const took = performance.now() - before;
  if (moves) countMove(pid);
  await sleep(ms);
  await release(targets);
  return { threads: targets[0]?.threads.length ?? 0, took };
}

function isAlive(pid: number): boolean {
  return !['Z', 'X', undefined].includes(readStat(pid)?.state);
}

/** Runs a program to its end and parks it all the time. How often it did. */
async function parkedThroughout(program: string): Promise<number> {
  const { child, pid, line } = await start(program, []);
  let ended = false;
  child.on('exit', () => {
    ended = true;
  });
  const result = line();
  let rounds = 0;
  const begun = performance.now();
  while (!ended) {
    try {
      await round(pid);
      rounds++;
    } catch (error) {
      // It has not begun yet, or has ended meanwhile, of which its pipe tells us only later.
      await sleep(10);
      if (!ended && performance.now() > begun + 2000 && isAlive(pid)) throw error;
    }
    await sleep(3);
  }
  assert.is(await result, `${program} ok`);
  assert.is((await child).exitCode, 0);
  return rounds;
}

if (process.arch === 'x64') {
  test('64 threads in all kinds of states park together and lose nothing', async () => {
    const { child, pid, line } = await start('mixed', ['62']);
    assert.is(await line(), 'begins');
    const took: number[] = [];
    for (let i = 0; i < 20; i++) {
      const result = await round(pid);
      assert.ok(result.threads >= 64, `${result.threads} threads`);
      took.push(result.took);
    }
    // Within 100 ms on an idle machine. This one may be busy, but then not every time.
    took.sort((a, b) => a - b);
    assert.ok((took[5] ?? 1e9) < 200, `parking took ${took.map(Math.round)} ms`);
    child.stdin.end();
    assert.is(await line(), 'mixed ok');
    assert.is((await child).exitCode, 0);
  });

  test('a tree whose members are born and die all the time parks whole', async () => {
    const { child, pid, line } = await start('forks', []);
    assert.is(await line(), 'begins');
    let most = 0;
    for (let i = 0; i < 150; i++) {
      const members = new Map<number, Target>();
      const onTarget = (target: Target) => members.set(target.pid, target);
      const parked = await park([pid], { ...options(10_000), tree: true, onTarget });
      most = Math.max(most, parked.length);
      // Nobody else is there, and who parked stays.
      assert.equal(
        parked.map((each) => each.pid),
        processTree(pid),
      );
      await release([...members.values()].filter(({ pid }) => isAlive(pid)));
    }
    assert.ok(most > 1, 'no child has parked');
    child.stdin.end();
    assert.is(await line(), 'forks ok');
    assert.is((await child).exitCode, 0);
  });

  test('a storm of 150 parks loses no wake and no thread, as if each were a move', async () => {
    const { child, pid, line } = await start('mixed', ['16']);
    assert.is(await line(), 'begins');
    for (let i = 0; i < 150; i++) await round(pid, i % 2 === 0);
    child.stdin.end();
    assert.is(await line(), 'mixed ok');
    assert.is((await child).exitCode, 0);
  });

  for (const [program, what] of [
    ['cancel', 'being cancelled'],
    ['lives', 'that begin, end, fork and change together'],
    ['threads', 'at locks of all kinds'],
  ] as const) {
    test(`threads ${what} park at any moment, and only that`, async () => {
      let rounds = 0;
      // A quick machine is through with it before it was parked often.
      for (let runs = 0; rounds <= 5 && runs < 50; runs++) rounds += await parkedThroughout(program);
      assert.ok(rounds > 5, `${rounds} rounds`);
    });
  }
}

test.run();
