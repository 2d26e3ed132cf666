// SPDX-License-Identifier: GPL-3.0-or-later
// What can't be lifted is refused with the reason; what is broken is never more than an error.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nativePaths } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { folder, native, sources, tool } from './programs.ts';

const lift = (args: readonly string[]) =>
  execa('node', [tool('hc-lift'), ...args], {
    reject: false,
    encoding: 'buffer',
    stdin: 'ignore',
    timeout: 120_000,
  });
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** A copy with some bytes changed. */
async function changed(name: string, change: (bytes: Buffer) => Buffer | undefined): Promise<string> {
  const bytes = readFileSync(await native('numbers', ['numbers.c']));
  const path = join(folder, name);
  writeFileSync(path, change(bytes) ?? bytes);
  return path;
}

async function library(): Promise<string> {
  const path = join(folder, 'library.so');
  await execa('gcc', ['-shared', '-fPIC', '-x', 'c', '-', '-o', path], {
    input: 'int f(void) { return 1; }',
  });
  return path;
}

const cases: [string, () => Promise<string>, RegExp][] = [
  [
    'a dynamically linked executable',
    async () => '/bin/true',
    /can't be lifted yet; link with -static or -static-pie/,
  ],
  ['a library', () => library(), /this is a library, which can't be lifted yet/],
  ['a script', async () => process.argv[1] ?? '', /not an ELF executable/],
  ['another machine', () => changed('mips', (b) => void b.writeUInt16LE(8, 18)), /ELF machine 8 can't be/],
  [
    'an object file',
    () => changed('object', (b) => void b.writeUInt16LE(1, 16)),
    /object file; link it first/,
  ],
  [
    'a truncated file',
    () => changed('short', (b) => b.subarray(0, b.length / 2)),
    /longer than the file|not an ELF/,
  ],
  [
    'a file that ends in its header',
    () => changed('header', (b) => b.subarray(0, 40)),
    /ends within its ELF header/,
  ],
  [
    'an entry point outside the code',
    () => changed('entry', (b) => void b.writeUInt32LE(0x123456, 24)),
    /entry point 0x123456 is no code/,
  ],
  [
    'code that can be written',
    () =>
      changed('writable', (b) => {
        for (let at = Number(b.readBigUInt64LE(32)); b.readUInt32LE(at) === 1; at += 56)
          b.writeUInt32LE(7, at + 4);
        return b;
      }),
    /self-modifying code can't be lifted/,
  ],
  ['a missing file', async () => join(folder, 'nowhere'), /no such file/],
  ['a directory', async () => folder, /is a directory/],
];

for (const [name, make, message] of cases) {
  test(`${name} is refused with a reason`, async () => {
    const { exitCode, stderr, stdout } = await lift([await make()]);
    assert.match(text(stderr), message);
    assert.is(exitCode, 1);
    assert.is(stdout.length, 0);
  });
}

test('--entry takes addresses of code only', async () => {
  const executable = await native('numbers', ['numbers.c']);
  const wrong = await lift(['--entry', '0x10', executable]);
  assert.match(text(wrong.stderr), /--entry 0x10 is no code of/);
  assert.is(wrong.exitCode, 1);
  assert.is((await lift(['--entry', 'main', executable])).exitCode, 2);
});

test('--mode takes the modes there are', async () => {
  const wrong = await lift(['--mode', 'fast', await native('numbers', ['numbers.c'])]);
  assert.match(text(wrong.stderr), /--mode takes registers or state, not 'fast'/);
  assert.is(wrong.exitCode, 2);
});

test('--report tells what was found, as text and as JSON', async () => {
  const executable = await native('numbers', ['numbers.c']);
  const asText = await lift(['--report', executable]);
  assert.match(text(asText.stdout), /^\d+ functions, \d+ instructions\n[\s\S]*how they were found/);
  const report = JSON.parse(text((await lift(['--report', '--json', executable])).stdout));
  assert.ok(report.functions.length > 50 && report.instructions > 1000);
  assert.equal(report.unlifted, {});
});

test('pointers are found in packed relocations as in others', async () => {
  const functions = await Promise.all(
    ['nopack-relative-relocs', 'pack-relative-relocs'].map(async (option) => {
      const path = join(folder, option);
      const args = ['-O2', '-static-pie', '-s', `-Wl,-z,${option}`, '-o', path, 'numbers.c', '-lm'];
      await execa('gcc', args, { cwd: sources });
      const { stdout } = await lift(['--report', '--json', path]);
      return JSON.parse(text(stdout)).functions.length as number;
    }),
  );
  assert.ok((functions[0] ?? 0) > 500);
  assert.is(functions[1], functions[0]);
});

test('a jump table ends where that of the next function begins', async () => {
  const executable = await native('conventions', ['conventions.c', 'conventions.S']);
  const report = JSON.parse(text((await lift(['--report', '--json', executable])).stdout));
  const counts = report.functions.map((each: { jumpTargets: number }) => each.jumpTargets);
  assert.ok(counts.includes(37) && counts.includes(23), `${counts.filter(Boolean)} targets`);
});

/** Numbers at random from a seed: the same files every time. */
function numbers(seed: number): (limit: number) => number {
  let state = BigInt(seed);
  return (limit) => {
    state = (state * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
    return Number((state >> 33n) % BigInt(limit));
  };
}

test('damaged executables are lifted or refused, and never crash the lifter', async () => {
  const whole = readFileSync(await native('numbers', ['numbers.c']));
  const { lift: lifter, runtime } = nativePaths();
  const path = join(folder, 'damaged');
  const out = ['--out', join(folder, 'damaged.bc'), '--runtime', runtime];
  const next = numbers(7);
  let refused = 0;
  for (let round = 0; round < 40; round++) {
    const bytes = Buffer.from(whole);
    // Headers, tables at the end, anywhere.
    const [from, length] = [
      [0, 0x400],
      [bytes.length - 0x500, 0x500],
      [0, bytes.length],
    ][round % 3] as [number, number];
    for (let i = next(8); i >= 0; i--) bytes[from + next(length)] = next(256);
    writeFileSync(path, next(8) === 0 ? bytes.subarray(0, next(bytes.length)) : bytes);
    const { exitCode, stderr } = await execa(lifter, [path, ...out], { reject: false, timeout: 120_000 });
    assert.ok(exitCode === 0 || exitCode === 1, `round ${round}: ${exitCode} ${stderr}`);
    assert.not.match(stderr, /defect/);
    if (exitCode === 1) refused++;
  }
  assert.ok(refused > 5, `${refused} refused`);
});

test.run();
