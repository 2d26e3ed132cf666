// SPDX-License-Identifier: GPL-3.0-or-later
// A lifted program does what the original does.
import { join } from 'node:path';
import { type Isa, isas } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle, command, native, positionIndependent, runs } from './programs.ts';

const args = ['an argument', '--and=another'];
const forms: Record<Isa, string> = { 'x86-64': 'forms.S', aarch64: 'forms-aarch64.S' };

/** What the program does before it is lifted. */
function original(executable: string, guest: Isa, ...more: string[]) {
  const [file, ...before] = runs(executable, guest);
  return execa(file, [...before, ...more], { reject: false, timeout: 300_000 });
}

for (const guest of isas) {
  for (const isa of isas) {
    const where = `${guest} program on ${isa}`;

    for (const runtime of ['normal', 'scribble'] as const) {
      test(`numbers are the same to the last digit: ${where}, runtime ${runtime}`, async () => {
        const executable = await native('numbers', ['numbers.c'], guest);
        const expected = await original(executable, guest, ...args);
        const [file, ...before] = command(await bundle(executable, runtime), isa);
        const env = { HC_SCRIBBLE: '7' };
        const lifted = await execa(file, [...before, ...args], { env, reject: false, timeout: 300_000 });
        assert.is(lifted.stdout, expected.stdout);
        assert.is(lifted.exitCode, expected.exitCode);
      });
    }

    test(`a position-independent executable does what it did: ${where}`, async () => {
      const executable = await positionIndependent('movable', ['numbers.c'], guest);
      const expected = await original(executable, guest, ...args);
      const [file, ...before] = command(await bundle(executable), isa);
      const lifted = await execa(file, [...before, ...args], { reject: false, timeout: 300_000 });
      assert.is(lifted.stdout, expected.stdout);
      assert.is(lifted.exitCode, expected.exitCode);
    });

    test(`jumps, signals and processes do what they did: ${where}`, async () => {
      const executable = await native('processes', ['processes.c'], guest);
      const expected = await original(executable, guest);
      const [file, ...before] = command(await bundle(executable), isa);
      const lifted = await execa(file, before, { reject: false, timeout: 300_000 });
      assert.is(lifted.stdout, expected.stdout);
      assert.is(lifted.exitCode, 0);

      const madeCode = await execa(file, [...before, 'jit'], { reject: false });
      assert.match(madeCode.stderr, /code that is made at run time \(JIT\) can't be lifted/);
      assert.is(madeCode.exitCode, 127);
    });

    test(`every instruction form computes what the processor computes: ${where}`, async () => {
      const executable = await native('forms', ['forms.c', forms[guest]], guest);
      const rounds = process.env.HC_LIFT_ROUNDS ?? '100';
      const { stdout } = await original(executable, guest, rounds);
      const [file, ...before] = command(await bundle(executable), isa);
      const lifted = await execa(file, [...before, rounds], { timeout: 600_000 });
      const expected = stdout.split('\n');
      const wrong = lifted.stdout.split('\n').filter((line, index) => line !== expected[index]);
      assert.equal(wrong, []);
      assert.ok(expected.length > 500, `${expected.length} forms`);
    });
  }
}

for (const isa of isas) {
  for (const mode of ['registers', 'state'] as const) {
    test(`conventions that no compiler has are kept, on ${isa}, mode ${mode}`, async () => {
      const executable = await native('conventions', ['conventions.c', 'conventions.S']);
      const original = await execa(executable, []);
      const [file, ...before] = command(await bundle(executable, 'normal', mode), isa);
      const lifted = await execa(file, before, { reject: false, timeout: 120_000 });
      assert.is(lifted.stdout, original.stdout);
      assert.is(lifted.exitCode, 0);
    });
  }
}

test('registers are reached without loading the thread pointer first', async () => {
  const app = join(await bundle(await native('numbers', ['numbers.c'])), 'x86-64', 'app');
  const { stdout } = await execa('llvm-objdump-19', ['-d', '--no-show-raw-insn', app]);
  const guest = stdout.split(/\n\n/).filter((part) => /^[0-9a-f]+ <guest\./.test(part));
  assert.ok(guest.length > 50, `${guest.length} functions`);
  // A few need it: what clears several registers at once.
  const loading = guest.filter((part) => part.includes('%fs:0x0,'));
  assert.ok(loading.length < guest.length / 5, `${loading.length} of ${guest.length} functions`);
});

test.run();
