// SPDX-License-Identifier: 0BSD
// long double against another compiler's __float128 and another library's functions.
import { join } from 'node:path';
import { isas } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle, command, folder, sources } from './programs.ts';

const test = suite<{ expected: string }>('long double');

test.before(async (context) => {
  const reference = join(folder, 'reference');
  const options = ['-O2', '-w', '-frounding-math', '-DREFERENCE'];
  await execa('gcc', [...options, join(sources, 'long-double.c'), '-o', reference, '-lquadmath', '-lm']);
  context.expected = (await execa(reference)).stdout;
  assert.ok(context.expected.length > 100_000);
});

/** The first line that differs says more than all of them. */
function assertSameLines(actual: string, expected: string): void {
  const lines = expected.split('\n');
  const at = actual.split('\n').findIndex((line, i) => line !== lines[i]);
  if (at >= 0) assert.is(`line ${at}: ${actual.split('\n')[at]}`, `line ${at}: ${lines[at]}`);
  assert.is(actual.length, expected.length);
}

for (const isa of isas) {
  test(`arithmetic, calls, functions and texts are exact, on ${isa}`, async ({ expected }) => {
    const [file, ...args] = command(await bundle('long-double'), isa);
    const { stdout } = await execa(file, args, { timeout: 60_000 });
    assertSameLines(stdout, expected);
  });

  test(`the same, scribbled at every 5th point, on ${isa}`, async ({ expected }) => {
    const [file, ...args] = command(await bundle('long-double', 'scribble'), isa);
    const env = { HC_SCRIBBLE: '5', HC_SCRIBBLE_REPORT: '1' };
    const { stdout, stderr } = await execa(file, args, { env, timeout: 300_000 });
    assertSameLines(stdout, expected);
    assert.match(stderr, /hc-scribble: \d+ points, \d+ parks, [1-9]\d* frames/);
  });
}

test.run();
