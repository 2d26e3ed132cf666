// SPDX-License-Identifier: GPL-3.0-or-later
// Run time of lifted executables against that of the originals, and of the originals under user-mode QEMU.
import { join } from 'node:path';
import { liftSource } from '../lifted.ts';
import { benchmarks } from './paths.ts';
import { geometricMean, median, round } from './statistics.ts';
import { runTimed } from './timed.ts';

/** Of benchmarks/lifted.c: name, and rounds that take the original about as long as any other. */
const rounds = {
  fib: 60,
  tak: 200,
  tree: 100,
  queens: 1200,
  pointers: 50,
  matmul: 700,
  nbody: 300,
  sieve: 450,
  sort: 10,
  text: 25,
  numbers: 75,
  waves: 170,
  words: 70,
  machine: 130,
} as const;
export type Kernel = keyof typeof rounds;
export const kernels = Object.keys(rounds) as Kernel[];

const ways = ['original', 'lifted', 'qemu'] as const;
type Way = (typeof ways)[number];

export interface KernelResult {
  name: Kernel;
  /** Median of user and system time. */
  originalMs: number;
  /** Medians: this way's by the original's. */
  ratio: number;
  qemuRatio: number;
}

export interface LiftResult {
  geomean: number;
  worst: number;
  worstKernel: string;
  qemuGeomean: number;
  runs: number;
  kernels: KernelResult[];
}

export interface LiftOptions {
  kernels: readonly Kernel[];
  runs: number;
  /** Factor of the rounds. */
  scale: number;
  tell(line: string): void;
}

type Commands = Record<Way, readonly string[]>;

/** One run each that does not count, then in turns, so that what else the machine does meets all ways alike. */
async function measure(
  name: Kernel,
  commands: Commands,
  { runs, scale }: LiftOptions,
): Promise<KernelResult> {
  const count = String(Math.max(1, Math.round(rounds[name] * scale)));
  const run = (way: Way) => runTimed({ words: [...commands[way], name, count], stdin: undefined });
  const { output } = await run('original');
  for (const way of ways) {
    if ((await run(way)).output !== output) throw new Error(`${name}: the output of ${way} differs`);
  }
  const times: Record<Way, number[]> = { original: [], lifted: [], qemu: [] };
  for (let turn = 0; turn < runs; turn++) {
    for (const way of ways) times[way].push((await run(way)).cpuMs);
  }
  const originalMs = median(times.original);
  return {
    name,
    originalMs: round(originalMs, 1),
    ratio: round(median(times.lifted) / originalMs, 3),
    qemuRatio: round(median(times.qemu) / originalMs, 2),
  };
}

const heading = `${'kernel'.padEnd(16)}${'original'.padStart(10)}${'lifted'.padStart(9)}${'qemu'.padStart(9)}`;

function line(name: string, original: string, lifted: number, qemu: number): string {
  const columns = [original.padStart(10), lifted.toFixed(3).padStart(9), qemu.toFixed(2).padStart(9)];
  return [name.padEnd(16), ...columns].join('');
}

export async function measureLift(options: LiftOptions): Promise<LiftResult> {
  const { tell } = options;
  const { bundle, reference } = await liftSource(join(benchmarks, 'lifted.c'), 'musl');
  if (reference === undefined) throw new Error('a lifted program has no original');
  const commands: Commands = {
    original: [reference],
    lifted: [join(bundle, 'x86-64/app')],
    qemu: ['/usr/bin/qemu-x86_64-static', reference],
  };
  tell(heading);
  const results: KernelResult[] = [];
  for (const name of options.kernels) {
    const result = await measure(name, commands, options);
    tell(line(name, `${result.originalMs.toFixed(0)} ms`, result.ratio, result.qemuRatio));
    results.push(result);
  }
  const geomean = round(geometricMean(results.map(({ ratio }) => ratio)), 4);
  const qemuGeomean = round(geometricMean(results.map(({ qemuRatio }) => qemuRatio)), 4);
  tell(line('geometric mean', '', geomean, qemuGeomean));
  const [worst] = [...results].sort((a, b) => b.ratio - a.ratio);
  return {
    ...{ geomean, worst: worst?.ratio ?? Number.NaN, worstKernel: worst?.name ?? '', qemuGeomean },
    ...{ runs: options.runs, kernels: results },
  };
}
