// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernel holds for a process, by topic: each program sets it up, is moved to the other ISA and back, and checks it
// after each move; alone in its process and with other threads.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Member, moveFamily, programsIn, THREADS } from '../src/family.ts';
import { top } from '../src/paths.ts';
import { guests } from './pair.ts';

const HOPS = 2;

const programs = await programsIn(join(top, 'integration/kernel-objects'));

const test = suite('kernel objects');
let members: Promise<Map<string, Member>>;

test.before(async () => {
  const files = ['/tmp', '/dev/shm'];
  const options = {
    ...{ name: 'kernel-objects', programs, env: { HOPS: String(HOPS) }, files, ready: '^ready' },
    threads: true,
    // System V objects belong to an IPC namespace, and move with it.
    launcher: ['unshare', '-i'],
  };
  const pair = await guests();
  // What is watched has to be at the destination.
  for (const guest of [pair.x86, pair.arm])
    await guest.run('mkdir -p /tmp/hc-watched /tmp/hc-watched-threads');
  members = moveFamily(pair, options);
  // Each test tells; uvu would swallow it here.
  members.catch(() => {});
});

for (const name of programs.flatMap(({ name }) => [name, `${name}${THREADS}`]))
  test(name, async () => {
    const member = (await members).get(name);
    assert.equal(member?.differences, []);
    assert.is(member?.hops, HOPS);
  });

test('no lock and no image is left behind on either side', async () => {
  await members;
  const { x86, arm } = await guests();
  for (const guest of [x86, arm])
    assert.is(
      await guest.run('nft list tables; ls -d /tmp/hc-dump-* /tmp/hc-restore-* 2>/dev/null || true'),
      '',
    );
});

test.run();
