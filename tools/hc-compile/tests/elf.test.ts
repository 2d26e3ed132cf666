// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { llvm } from '@h-containers/native-toolchain';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  addSection,
  BrokenElf,
  isBitcode,
  isElf,
  readSections,
  readSymbols,
  sectionBytes,
} from '../src/elf.ts';
import { run, runOrFail } from '../src/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'hc-elf-'));
test.after(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const source = 'int given(void); int made(void) { return given(); } int main(void) { return 7; }';

test('symbols of an object are told apart', async () => {
  writeFileSync(at('a.c'), source);
  await runOrFail(llvm.clang, ['-c', at('a.c'), '-o', at('a.o')]);
  assert.equal(readSymbols(readFileSync(at('a.o'))), { defined: ['made', 'main'], undefined: ['given'] });
});

test('a section added to an executable is found again, and the program still runs', async () => {
  writeFileSync(at('b.c'), 'int main(void) { return 7; }');
  await runOrFail(llvm.clang, [at('b.c'), '-o', at('b')]);
  const before = readFileSync(at('b'));
  const content = Buffer.from('some bitcode');
  const after = addSection(before, '.hc.bitcode', content);
  assert.equal(sectionBytes(after, '.hc.bitcode'), content);
  assert.is(readSections(after).length, readSections(before).length + 1);

  writeFileSync(at('c'), after, { mode: 0o755 });
  assert.is((await run(at('c'), [])).code, 7);
  await runOrFail(llvm.objcopy, ['--dump-section', `.hc.bitcode=${at('dumped')}`, at('c'), at('copy')]);
  assert.equal(readFileSync(at('dumped')), content);
});

test('a file that is cut off or overwritten anywhere is broken or readable, never worse', async () => {
  writeFileSync(at('d.c'), source);
  await runOrFail(llvm.clang, ['-c', at('d.c'), '-o', at('d.o')]);
  const whole = readFileSync(at('d.o'));
  let broken = 0;
  const attempt = (bytes: Buffer) => {
    try {
      readSymbols(bytes);
    } catch (error) {
      if (!(error instanceof BrokenElf)) throw error;
      broken++;
    }
  };
  for (let length = 64; length < whole.length; length++) attempt(whole.subarray(0, length));
  for (let position = 16; position < whole.length; position++) {
    for (const value of [0, 0x7f, 0xff]) {
      const bytes = Buffer.from(whole);
      bytes[position] = value;
      attempt(bytes);
    }
  }
  assert.ok(broken > 100);
});

test('files are recognised by their first bytes', () => {
  assert.ok(isBitcode(Buffer.from('4243c0de', 'hex')));
  assert.ok(isBitcode(Buffer.from('dec0170b00000000', 'hex')));
  assert.not(isBitcode(Buffer.from('BC')));
  assert.not(isElf(Buffer.from('\x7fELF')));
});

test.run();
