// SPDX-License-Identifier: GPL-3.0-or-later
// Dumps of a real program, made in the guests: fixtures/README.md.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { decodeImageAs, decodePagemap, onlyMessage } from '@h-containers/criu-images';
import { ISAS, type Isa, otherIsa } from '@h-containers/tool-kit';
import { decodeExtents, readParked } from '@h-containers/transform';
import { makeRandom, PAGE } from '@h-containers/transform/testing';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hcXform, readDump } from './world.ts';

const FIXTURES = fileURLToPath(new URL('fixtures', import.meta.url));
const dumpOf = (isa: Isa) => gunzipSync(readFileSync(join(FIXTURES, `${isa}.tar.gz`)));
const bundles = { HC_BUNDLES: FIXTURES };

const test = suite<{ dir: string }>('real dumps');
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'hc-xform-real-'));
});
test.after.each(({ dir }) => rmSync(dir, { recursive: true }));

async function unpack(stream: Uint8Array, directory: string) {
  mkdirSync(directory);
  await execa('tar', ['x', '--exclude=hc/ready', '-C', directory], { input: stream });
  return readDump(directory);
}

function one<T>(
  files: ReadonlyMap<string, Buffer>,
  pattern: RegExp,
  use: (name: string, bytes: Buffer) => T,
): T {
  const [name, bytes] = [...files].find(([member]) => pattern.test(member)) ?? [];
  if (name === undefined || bytes === undefined) throw new Error(`no ${pattern}`);
  return use(name, bytes);
}

function pagesOf(files: ReadonlyMap<string, Buffer>): Map<bigint, Buffer> {
  const map = one(files, /^pagemap-\d+\.img$/, decodePagemap);
  const bytes = one(files, /^pages-1\.img$/, (_, contents) => contents);
  assert.is(bytes.length, map.size);
  const pages = new Map<bigint, Buffer>();
  for (const { start, pages: count, offset = 0 } of map.ranges)
    for (let i = 0; i < count; i++)
      pages.set(start + BigInt(i * PAGE), bytes.subarray(offset + i * PAGE, offset + (i + 1) * PAGE));
  return pages;
}

function decodeStack(name: string, bytes: Buffer): { start: bigint; end: bigint } {
  const [thread] = readParked(decodeExtents(bytes, name), name).threads;
  return { start: thread?.native_low ?? 0n, end: thread?.native_high ?? 0n };
}

test('--show tells function and line of every frame', async ({ dir }) => {
  for (const isa of ISAS) {
    const { exitCode, stdout, stderr } = await hcXform(['--show', '--json'], {
      dir,
      input: dumpOf(isa),
      env: bundles,
    });
    assert.is(exitCode, 0, stderr);
    const [task] = JSON.parse(stdout.toString()).tasks;
    const [thread] = task.threads;
    const names = thread.frames.map((frame: { function: string }) => frame.function);
    assert.equal(names, new Array(16).fill('depth'));
    assert.is(thread.frames[3].file, 'recursion.c');
    assert.is(thread.frames[3].line, 21);
    assert.equal(
      task.files.map(({ type }: { type: string }) => type),
      ['reg', 'reg', 'reg', 'reg', 'pipe', 'pipe', 'unixsk', 'unixsk'],
    );
  }
});

test('the images are those that CRIU restores on the other ISA', async ({ dir }) => {
  for (const from of ISAS) {
    const to = otherIsa(from);
    const run = await hcXform(['--to', to], { dir, input: dumpOf(from), env: bundles });
    assert.is(run.exitCode, 0, run.stderr);
    const files = await unpack(run.stdout, join(dir, to));
    const core = one(files, /^core-/, (name, bytes) => onlyMessage(decodeImageAs('core', name, bytes)));
    assert.is(core.mtype, to === 'aarch64' ? 3 : 1);
    assert.is(core.ti_aarch64?.gpregs.regs.length, to === 'aarch64' ? 31 : undefined);
    assert.is(core.thread_info?.fpregs.xmm_space.length, to === 'aarch64' ? undefined : 64);
    const mm = one(files, /^mm-/, (name, bytes) => onlyMessage(decodeImageAs('mm', name, bytes)));
    assert.ok(mm.vmas.every(({ end }) => end <= 1n << 38n));
    assert.ok(mm.mm_saved_auxv.length <= 40);
    const list = decodeImageAs('files', 'files.img', files.get('files.img') ?? Buffer.alloc(0)).messages;
    const executable = list.find(({ id }) => id === mm.exe_file_id)?.reg;
    assert.is(executable?.name, `/work/xf/${to}/app`);
    const directory = list.find(({ reg }) => reg?.name === '/work')?.reg;
    // O_NOFOLLOW, O_LARGEFILE and, where CRIU's restore has left it, O_DIRECTORY.
    assert.is(directory?.flags, to === 'aarch64' ? 0x2c000 : 0x28000);
  }
});

test('there and back again: memory and images as before', async ({ dir }) => {
  for (const from of ISAS) {
    const there = await hcXform(['--to', otherIsa(from)], { dir, input: dumpOf(from), env: bundles });
    const back = await hcXform(['--to', from], { dir, input: there.stdout, env: bundles });
    assert.is(back.exitCode, 0, back.stderr);
    const before = await unpack(dumpOf(from), join(dir, `${from}-before`));
    const after = await unpack(back.stdout, join(dir, `${from}-after`));
    for (const [name, bytes] of before)
      if (!/^(?:hc\/|core-|mm-|pagemap-|pages-)/.test(name)) assert.ok(after.get(name)?.equals(bytes), name);
    const [old, now] = [pagesOf(before), pagesOf(after)];
    // The control block counts moves and forgets the vDSO, unused bytes of native stacks are cleared. Everything else is
    // byte for byte the same.
    const native = one(before, /^hc\/parked-/, decodeStack);
    for (const [address, bytes] of now) {
      if (native.start <= address && address < native.end) continue;
      const expected = Buffer.from(old.get(address) ?? Buffer.alloc(PAGE));
      if (address === 0x200000n) {
        expected.writeUInt32LE(expected.readUInt32LE(20) + 2, 20);
        expected.writeBigUInt64LE(0n, 48);
      }
      assert.ok(bytes.equals(expected), `page 0x${address.toString(16)}`);
    }
  }
});

test('damaged streams of a real dump: a clear error with exit code 1 or 3', async ({ dir }) => {
  const random = makeRandom(20);
  const good = dumpOf('x86-64');
  for (let i = 0; i < 6; i++) {
    // Small members are at the beginning, and all of them matter.
    const bytes = Buffer.from(good.subarray(0, 24 * 1024));
    for (let n = 0; n < 20; n++) bytes[random.between(0, bytes.length - 1)] = random.between(0, 255);
    const run = await hcXform(['--check'], {
      dir,
      input: Buffer.concat([bytes, good.subarray(bytes.length)]),
      env: bundles,
    });
    assert.ok([0, 1, 3].includes(run.exitCode ?? -1), run.stderr);
    assert.match(run.stderr, /^hc-xform: (?:error: |would move)/);
  }
});

test.run();
