// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readElfFacts } from '../src/index.ts';
import { makeElf } from './make-bundle.ts';

const test = suite<{ dir: string }>('elf');
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'hc-elf-'));
});
test.after.each(({ dir }) => rmSync(dir, { recursive: true }));

async function messageOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: Error) => error.message,
  );
}

test('ISA, build-id, entry and size of an executable', async ({ dir }) => {
  for (const isa of ['x86-64', 'aarch64'] as const) {
    const path = join(dir, isa);
    writeFileSync(path, makeElf(isa, 'ab'.repeat(20), 500));
    assert.equal(await readElfFacts(path), {
      isa,
      buildId: 'ab'.repeat(20),
      entry: 0x401000n,
      size: 500,
    });
  }
});

test('a real executable: the node that runs this', async () => {
  const facts = await readElfFacts(process.execPath);
  assert.is(facts.isa, process.arch === 'x64' ? 'x86-64' : 'aarch64');
});

test('a file that is no executable is named', async ({ dir }) => {
  const path = join(dir, 'text');
  writeFileSync(path, 'hello');
  assert.is(await messageOf(readElfFacts(path)), `${path}: not a 64-bit little-endian ELF file`);
  assert.is(
    await messageOf(readElfFacts(join(dir, 'none'))),
    `${join(dir, 'none')}: no such file or directory`,
  );
});

test('any truncation and any changed byte gives facts or a clear error', async ({ dir }) => {
  const good = makeElf('x86-64', 'cd'.repeat(20), 300);
  const path = join(dir, 'app');
  for (let i = 0; i < good.length; i += 3) {
    const flipped = Buffer.from(good);
    flipped[i] = (flipped[i] ?? 0) ^ 0xff;
    for (const bytes of [good.subarray(0, i), flipped]) {
      writeFileSync(path, bytes);
      const message = await messageOf(readElfFacts(path));
      assert.ok(message === 'no error' || message.startsWith(`${path}: `), message);
    }
  }
});

test.run();
