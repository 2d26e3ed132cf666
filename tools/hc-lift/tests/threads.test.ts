// SPDX-License-Identifier: GPL-3.0-or-later
// Lifted programs with threads: what they do, and in which order each thread's accesses become visible.
import { join } from 'node:path';
import { isas } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle, command, native, tool } from './programs.ts';

const options = { reject: false, timeout: 300_000 };

for (const isa of isas) {
  for (const runtime of ['normal', 'scribble'] as const) {
    test(`threads do what they did, on ${isa}, runtime ${runtime}`, async () => {
      const executable = await native('threads', ['threads.c']);
      const original = await execa(executable, [], options);
      const [file, ...before] = command(await bundle(executable, runtime), isa);
      const lifted = await execa(file, before, { ...options, env: { HC_SCRIBBLE: '101' } });
      assert.is(lifted.stdout, original.stdout);
      assert.is(lifted.exitCode, original.exitCode);
    });
  }
}

/** What a function does to memory in its shortest form, in the order of its code: loads, stores, fences, exclusive pairs. */
function accesses(disassembly: string, name: string): string[] {
  const part = disassembly
    .split(/\n\n/)
    .find((text) => new RegExp(`^[0-9a-f]+ <guest\\.[0-9a-f]+\\.${name}\\.pointer>:`).test(text));
  assert.ok(part, `no function ${name}`);
  return [...part.matchAll(/^ *[0-9a-f]+:\s+(.*)$/gm)].flatMap(([, text = '']) => {
    const [mnemonic = '', ...operands] = text.replace(/\s*\/\/.*/, '').split(/[\s,]+/);
    // Values of the struct of registers, and those of frames that stay across calls.
    const place = /\[([a-z0-9]+)/.exec(text)?.[1];
    if (mnemonic === 'dmb') return [`dmb ${operands[0]}`];
    if (/^(ldax|stlx)/.test(mnemonic)) return [mnemonic];
    if (!/^(ld|st)/.test(mnemonic) || place === undefined || place === 'sp' || place === 'x20') return [];
    return [mnemonic.startsWith('ld') ? 'load' : 'store'];
  });
}

const shapes: [string, string, string][] = [
  ['message passing, writer', 'writes_both', 'dmb ishst, store, dmb ishst, store'],
  ['message passing and IRIW, reader', 'reads_both', 'load, dmb ishld, load, dmb ishld'],
  ['load buffering', 'reads_then_writes', 'load, dmb ishld, dmb ishst, store'],
  ['store buffering with a fence', 'writes_fence_reads', 'dmb ishst, store, dmb ish, load, dmb ishld'],
];

async function disassembly(isa: string): Promise<string> {
  const executable = await native('litmus', ['litmus.c'], 'x86-64', { symbols: true });
  const app = join(await bundle(executable), isa, 'app');
  return (await execa('llvm-objdump-19', ['-d', '--no-show-raw-insn', app], { maxBuffer: 1 << 28 })).stdout;
}

for (const [what, name, expected] of shapes) {
  test(`memory order on aarch64: ${what}`, async () => {
    // What comes after it returned to the struct of registers is not the program's.
    assert.is(
      accesses(await disassembly('aarch64'), name)
        .join(', ')
        .slice(0, expected.length),
      expected,
    );
  });
}

test('memory order on aarch64: store buffering stays possible', async () => {
  const found = accesses(await disassembly('aarch64'), 'writes_then_reads');
  assert.ok(
    found.includes('store') && found.includes('load') && !found.includes('dmb ish'),
    found.join(', '),
  );
});

for (const name of ['exchanges_then_reads', 'adds_then_reads', 'exchanges_two']) {
  test(`memory order on aarch64: ${name} between full fences`, async () => {
    const found = accesses(await disassembly('aarch64'), name);
    const fences = found.flatMap((access, index) => (access === 'dmb ish' ? [index] : []));
    const exclusive = found.flatMap((access, index) => (/^(ldax|stlx)/.test(access) ? [index] : []));
    assert.ok(exclusive.length >= 2 && fences.length >= 2, found.join(', '));
    assert.ok((fences[0] ?? 0) < Math.min(...exclusive), found.join(', '));
    assert.ok((fences.at(-1) ?? 0) > Math.max(...exclusive), found.join(', '));
    if (name !== 'exchanges_two')
      assert.ok(found.lastIndexOf('load') > (fences.at(-1) ?? 0), found.join(', '));
  });
}

test('memory order on aarch64: accesses to an own stack need none, those to a shared one do', async () => {
  const text = await disassembly('aarch64');
  const own = accesses(text, 'uses_stack');
  assert.ok(own.includes('store') && !own.some((access) => access.startsWith('dmb')), own.join(', '));
  const shared = accesses(text, 'shares_stack').join(', ');
  assert.match(shared, /^dmb ishst, store, dmb ishst, store, /);
  assert.match(shared, /load, dmb ishld, load, dmb ishld/);
});

test('memory order on x86-64: no fence but the one that the program has', async () => {
  const fences = (await disassembly('x86-64'))
    .split('\n')
    .filter((line) => /\s(mfence|sfence|lfence)\b/.test(line));
  const functions = new Set(fences.map((line) => line.trim().split(':')[0]));
  assert.ok(functions.size >= 1 && functions.size <= 4, fences.join('\n'));
});

test('a program that shows no sign of threads has none, unless --threads says so', async () => {
  const executable = await native('hidden', ['hidden-threads.c']);
  const report = async (...args: string[]) =>
    JSON.parse((await execa('node', [tool('hc-lift'), '--report', '--json', ...args, executable])).stdout);
  assert.is((await report()).ordered, false);
  assert.is((await report('--threads')).ordered, true);
  const [file, ...before] = command(await bundle(executable), 'x86-64');
  const { stderr, exitCode } = await execa(file, before, options);
  assert.match(
    stderr,
    /makes a thread by the system call before 0x[0-9a-f]+, .* lift it again with --threads/,
  );
  assert.is(exitCode, 127);
});

test.run();
