// SPDX-License-Identifier: GPL-3.0-or-later
// The benchmarks work and tell what they should; what they find is not judged here.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { measureOverhead } from '../src/bench/overhead.ts';
import { selectBenchmarks } from '../src/bench/programs.ts';
import { geometricMean, median } from '../src/bench/statistics.ts';
import { measureTransform } from '../src/bench/transform.ts';

const test = suite('benchmarks');
const silent = () => {};

test('medians and geometric means', () => {
  assert.is(median([3, 1, 2]), 2);
  assert.is(median([4, 1, 3, 2]), 2.5);
  assert.ok(Math.abs(geometricMean([0.5, 2]) - 1) < 1e-12);
});

test('a program is built both ways, gives the same output and is compared', async () => {
  const result = await measureOverhead({
    benchmarks: selectBenchmarks('sort'),
    points: ['loops'],
    lto: false,
    runs: 1,
    codegen: undefined,
    onlyX86: true,
    tell: silent,
  });
  assert.equal(result.failed, []);
  const [sort] = result.programs;
  assert.is(sort?.name, 'sort');
  assert.ok(sort && sort.ratio > 0.2 && sort.ratio < 5, `ratio ${sort?.ratio}`);
  assert.is(result.worst, sort?.ratio);
  assert.ok(sort && sort.ordinary.textBytes > 1000);
});

test('an unknown program is refused by name', () => {
  assert.throws(() => selectBenchmarks('fib,nothing'), /no benchmark "nothing"; there are fib, /);
});

test('a large dump goes through hc-xform in constant memory', async () => {
  const { samples, ...summary } = await measureTransform({ sizes: [256], runs: 1, tell: silent });
  assert.equal(
    samples.map(({ from }) => from),
    ['x86-64', 'aarch64'],
  );
  assert.ok(summary.cpuMs > 0);
  assert.ok(summary.gbPerS > 0);
  assert.ok(summary.peakRssMb < 200, `${summary.peakRssMb} MB`);
});

test.run();
