// SPDX-License-Identifier: GPL-3.0-or-later
import { encodeSites, type SiteTables } from '@h-containers/bundle';
import { HcError, ISAS, otherIsa } from '@h-containers/tool-kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CallSites } from '../src/index.ts';
import { makeCalls, makeTables, modelStack } from './make-program.ts';
import { makeRandom } from './random.ts';

const HIGH = 0x1000_0010_0000n;
const LOW = 0x1000_0000_0000n;

function errorOf(work: () => unknown): HcError {
  try {
    work();
  } catch (error) {
    assert.instance(error, HcError);
    return error as HcError;
  }
  throw new Error('no error');
}

function open(tables: SiteTables): CallSites {
  return CallSites.open(encodeSites(tables), 'sites.bin');
}

test('random stacks on random programs: walk and rebuild agree with the model, both ways', () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = makeRandom(seed);
    const ids = random.between(2, 200);
    const tables = makeTables(ids, random);
    const sites = open(tables);
    const calls = makeCalls(random.between(0, 60), ids, random);
    for (const from of ISAS) {
      const any = <T>(candidates: T[]) => candidates[random.between(0, candidates.length - 1)];
      const source = modelStack(tables[from], calls, HIGH, any);
      const walked = sites.walk(from, source.bytes, source.sp, source.pc, 'thread');
      assert.equal([...walked], calls, `seed ${seed}`);
      const to = otherIsa(from);
      const target = sites.rebuild(to, walked, HIGH, LOW, 'thread');
      const expected = modelStack(tables[to], calls, HIGH);
      assert.is(target.sp, expected.sp, `seed ${seed}`);
      assert.is(target.pc, expected.pc);
      assert.ok(expected.bytes.equals(target.stack));
      // And back: the first of several return addresses, so a second round trip is the identity on bytes.
      const back = sites.rebuild(
        from,
        sites.walk(to, target.stack, target.sp, target.pc, 't'),
        HIGH,
        LOW,
        't',
      );
      assert.ok(modelStack(tables[from], calls, HIGH).bytes.equals(back.stack));
    }
  }
});

test('a million frames', () => {
  const random = makeRandom(1);
  const tables = makeTables(50, random);
  const sites = open(tables);
  const calls = Uint32Array.from(makeCalls(1_000_000, 50, random));
  const high = HIGH + 0x4000_0000n;
  const stack = sites.rebuild('x86-64', calls, high, 0n, 't');
  const walked = sites.walk('x86-64', stack.stack, stack.sp, stack.pc, 't');
  assert.ok(Buffer.from(walked.buffer).equals(Buffer.from(calls.buffer)));
});

test('random bytes instead of a stack are refused, and nothing else happens', () => {
  for (let seed = 0; seed < 2000; seed++) {
    const random = makeRandom(seed);
    const tables = makeTables(20, random);
    const sites = open(tables);
    const stack = modelStack(tables.aarch64, makeCalls(random.between(1, 8), 20, random), HIGH);
    const at = random.between(0, stack.bytes.length - 1);
    stack.bytes[at] = (stack.bytes[at] ?? 0) ^ (1 << random.between(0, 7));
    const cut = random.between(0, 3) === 0 ? random.between(0, stack.bytes.length) : stack.bytes.length;
    try {
      sites.walk('aarch64', stack.bytes.subarray(0, cut), stack.sp, stack.pc, 'thread 5');
    } catch (error) {
      assert.instance(error, HcError);
      assert.is((error as HcError).exitCode, 3);
      assert.ok((error as HcError).message.startsWith('thread 5: '));
    }
  }
});

test('any damage to sites.bin is an error that names it, or gives a table that works', () => {
  const random = makeRandom(7);
  const good = encodeSites(makeTables(12, random));
  for (let i = 0; i < 3000; i++) {
    const bytes = Buffer.from(good);
    const at = random.between(0, bytes.length - 1);
    bytes[at] = random.between(0, 255);
    const end = random.between(0, 4) === 0 ? random.between(0, bytes.length) : bytes.length;
    try {
      CallSites.open(bytes.subarray(0, end), 'sites.bin');
    } catch (error) {
      assert.instance(error, HcError);
      assert.ok((error as HcError).message.startsWith('sites.bin: '), (error as HcError).message);
    }
  }
});

test('ids known to one ISA only are refused', () => {
  const tables = makeTables(10, makeRandom(3));
  tables.aarch64 = tables.aarch64.filter(({ id }) => id !== 4);
  assert.is(errorOf(() => open(tables)).message, 'sites.bin: call site 4 is not known to both ISAs');
});

test('each fault of a stack is named with its address', () => {
  const row = { dataFrame: 0, dynamic: false, returnSlot: -8 };
  const table = [
    { address: 0x401000n, id: 0, nativeFrame: 16, ...row },
    { address: 0x402000n, id: 1, nativeFrame: 32, ...row },
  ];
  const sites = open({ 'x86-64': table, aarch64: table });
  const { bytes, sp } = modelStack(table, [1, 1, 0], HIGH);
  const message = (pc: bigint, stack: Buffer) =>
    errorOf(() => sites.walk('x86-64', stack, sp, pc, 't')).message;
  assert.is(message(0x403000n, bytes), 't: it stands at 0x403000, which is no call site of the bundle');
  const wrong = Buffer.from(bytes);
  wrong.writeBigUInt64LE(0x1234n, 24);
  assert.is(
    message(0x402000n, wrong),
    't: return address 0x1234 at 0x1000000fffd8 is no call site of the bundle',
  );
  assert.is(
    message(0x402000n, bytes.subarray(0, 40)),
    't: the frame at 0x1000000fffe0 (return address 0x402000) leaves the stack',
  );
  assert.is(
    message(0x402000n, Buffer.concat([bytes, Buffer.alloc(16)])),
    't: the outermost frame ends at 0x100000100000 instead of 0x100000100010',
  );
  const noRoom = errorOf(() => sites.rebuild('aarch64', Uint32Array.of(1, 1, 0), HIGH, HIGH - 32n, 't'));
  assert.is(noRoom.exitCode, 3);
  assert.is(noRoom.message, 't: it needs 64 bytes of native stack on the other ISA, more than there are');
  assert.throws(
    () => sites.rebuild('aarch64', Uint32Array.of(9, 0), HIGH, LOW, 't'),
    /call site 9 is not in the bundle/,
  );
});

test.run();
