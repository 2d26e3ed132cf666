// SPDX-License-Identifier: GPL-3.0-or-later
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pageSizeOf, parseStat, thisMachine, vaBitsOf } from '../src/index.ts';

const STACKS: Record<string, [maps: string, bits: number]> = {
  'x86-64, with the vsyscall page above': [
    '00400000-00401000 r-xp 00000000 08:01 1 /bin/app\n' +
      '7ffe3a5d1000-7ffe3a5f2000 rw-p 00000000 00:00 0 [stack]\n' +
      'ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0 [vsyscall]\n',
    47,
  ],
  'aarch64 with 48 bits': ['ffffd1d5c000-ffffd1d7d000 rw-p 00000000 00:00 0 [stack]\n', 48],
  'aarch64 with 39 bits': ['7fe1a2b000-7fe1a4c000 rw-p 00000000 00:00 0 [stack]\n', 39],
};

for (const [name, [maps, bits]] of Object.entries(STACKS))
  test(`address bits: ${name}`, () => assert.is(vaBitsOf(maps), bits));

test('the page size is found in the auxiliary vector', () => {
  const auxv = Buffer.alloc(64);
  auxv.writeBigUInt64LE(33n, 0);
  auxv.writeBigUInt64LE(6n, 16);
  auxv.writeBigUInt64LE(65536n, 24);
  assert.is(pageSizeOf(auxv), 65536);
  assert.throws(() => pageSizeOf(Buffer.alloc(16)), /no page size/);
});

test('this machine says what it is', () => {
  const { pageSize, vaBits, kernel } = thisMachine();
  assert.is(pageSize, 4096);
  assert.ok(vaBits === 47 || vaBits === 48 || vaBits === 39 || vaBits === 56);
  assert.match(kernel, /^\d+\.\d+/);
});

test('a name with spaces and parentheses does not confuse the fields of /proc/PID/stat', () => {
  const rest = `S 17 ${Array.from({ length: 17 }, (_, index) => index).join(' ')} 4242 1 2`;
  const stat = parseStat(`99 (a) b (c) ${rest}`);
  assert.equal(stat, { pid: 99, comm: 'a) b (c', state: 'S', ppid: 17, startTime: 4242 });
});

test.run();
