// SPDX-License-Identifier: GPL-3.0-or-later
import { closeSync, openSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { type FileId, movedIdentities, openFiles, seenAs } from '../src/identities.ts';

const id = (inode: number): FileId => ({ device: 8n, inode: BigInt(inode) });
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

test('over many moves a file keeps its identity, and no two have the same', () => {
  const files = numbers(12);
  for (let seed = 1; seed <= 200; seed++) {
    // A machine numbers its files as it likes: Fisher and Yates, with a small generator.
    let state = seed;
    const below = (limit: number) => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return Math.floor((state / 2147483648) * limit);
    };
    const machine = () => {
      const order = numbers(16);
      for (let i = order.length - 1; i > 0; i--) {
        const j = below(i + 1);
        [order[i], order[j]] = [order[j] ?? 0, order[i] ?? 0];
      }
      return new Map(files.map((file) => [file, id(order[file] ?? 0)]));
    };
    let there = machine();
    let table = movedIdentities(there, there, []);
    assert.equal(table, []);
    const first = there;
    for (let move = 0; move < 5; move++) {
      const here = machine();
      table = movedIdentities(there, here, table);
      for (const [file, now] of here) assert.equal(seenAs(now, table), first.get(file));
      const all = numbers(16).map((inode) => seenAs(id(inode), table).inode);
      assert.is(new Set(all).size, 16, `seed ${seed}`);
      there = here;
    }
  }
});

test('a damaged table that leads round in circles hangs nobody', () => {
  const pair = (here: number, seen: number) => ({ here: id(here), seen: id(seen) });
  const found = seenAs(id(3), [pair(2, 3), pair(1, 2), pair(2, 1)]);
  assert.ok([id(1), id(2)].some((each) => each.inode === found.inode));
});

test('two descriptors of one file are one', () => {
  const there = new Map([3, 4].map((fd) => [fd, id(1)]));
  const here = new Map([3, 4].map((fd) => [fd, id(2)]));
  assert.equal(movedIdentities(there, here, []), [{ here: id(2), seen: id(1) }]);
});

test('a descriptor that is not there any more has no identity', () => {
  assert.equal(movedIdentities(new Map([[3, id(1)]]), new Map(), []), []);
});

test('files and directories that are open, but no pipes or devices', () => {
  const path = fileURLToPath(import.meta.url);
  const fds = [path, '.', '/dev/null'].map((each) => openSync(each, 'r'));
  const files = openFiles(process.pid);
  const { dev, ino } = statSync(path, { bigint: true });
  assert.equal(files.get(fds[0] ?? -1), { device: dev, inode: ino });
  assert.ok(files.has(fds[1] ?? -1) && !files.has(fds[2] ?? -1));
  for (const fd of fds) closeSync(fd);
});

test.run();
