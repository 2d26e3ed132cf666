// SPDX-License-Identifier: GPL-3.0-or-later
// Run time of programs by hc-cc and hc-compile against that of ordinary builds of the same sources.
import type { Points } from '@h-containers/bundle';
import { type Isa, isas } from '@h-containers/native-toolchain';
import { textBytes } from './code-size.ts';
import { buildOrdinary } from './ordinary.ts';
import { heading, lastLine, line } from './overhead-table.ts';
import { buildPortable } from './portable.ts';
import type { Benchmark } from './programs.ts';
import { geometricMean, median, round } from './statistics.ts';
import { type Command, runTimed } from './timed.ts';

export interface OverheadOptions {
  benchmarks: readonly Benchmark[];
  /** The first counts for the summary. */
  points: readonly [Points, ...Points[]];
  /** Measure clang -O2 -flto as well: hc-cc optimises whole programs, too. */
  lto: boolean;
  runs: number;
  codegen: string | undefined;
  /** For a quick look: executables for x86-64 only, which has the same code. */
  onlyX86: boolean;
  tell(line: string): void;
}

/** What is compared with the ordinary build. */
export type Variant = 'lto' | Points;

export interface Timing {
  /** Median of user and system time. */
  cpuMs: number;
  leastMs: number;
  textBytes: number;
}

export interface Compared extends Timing {
  /** Medians: this build's by the ordinary one's. */
  ratio: number;
}

export interface ProgramResult {
  name: string;
  /** With the first of the points. */
  ratio: number;
  ordinary: Timing;
  builds: Partial<Record<Variant, Compared>>;
}

export interface Failure {
  name: string;
  why: string;
}

export interface OverheadResult {
  /** What the summary is about. */
  points: Points;
  geomean: number;
  worst: number;
  worstProgram: string;
  geomeans: Partial<Record<Variant, number>>;
  runs: number;
  programs: ProgramResult[];
  failed: Failure[];
}

interface Build {
  label: 'ordinary' | Variant;
  command: Command;
  times: number[];
  textBytes: number;
}

async function build(benchmark: Benchmark, variants: readonly Variant[], options: OverheadOptions) {
  const { codegen, onlyX86 } = options;
  const wanted: readonly Isa[] = onlyX86 ? ['x86-64'] : isas;
  const source = await benchmark.source();
  const stdin = await benchmark.stdin?.();
  const executable = (label: Build['label']): Promise<string> => {
    if (label === 'ordinary') return buildOrdinary(source);
    if (label === 'lto') return buildOrdinary(source, ['-flto']);
    return buildPortable(source, { points: label, codegen, isas: wanted });
  };
  const builds: Build[] = [];
  for (const label of ['ordinary', ...variants] as const) {
    const app = await executable(label);
    const command = { words: [app, ...benchmark.args], stdin };
    builds.push({ label, command, times: [], textBytes: await textBytes(app) });
  }
  return builds;
}

/** One run each that does not count, then in turns, so that what else the machine does meets all builds alike. */
async function measure(builds: readonly Build[], runs: number): Promise<void> {
  const outputs = new Map<string, string>();
  for (const { label, command } of builds) outputs.set(label, (await runTimed(command)).output);
  for (const [label, output] of outputs) {
    if (output !== outputs.get('ordinary')) throw new Error(`the output of the build "${label}" differs`);
  }
  for (let run = 0; run < runs; run++) {
    for (let turn = 0; turn < builds.length; turn++) {
      const build = builds[(run + turn) % builds.length];
      if (build) build.times.push((await runTimed(build.command)).cpuMs);
    }
  }
}

function timing({ times, textBytes }: Build): Timing {
  return { cpuMs: round(median(times)), leastMs: round(Math.min(...times)), textBytes };
}

function compare(name: string, builds: readonly Build[], first: Points): ProgramResult {
  const [base, ...others] = builds;
  if (!base) throw new Error(`${name} was not built`);
  const compared = Object.fromEntries(
    others.map((build) => {
      const ratio = round(median(build.times) / median(base.times), 4);
      return [build.label, { ...timing(build), ratio }];
    }),
  ) as ProgramResult['builds'];
  return { name, ratio: compared[first]?.ratio ?? Number.NaN, ordinary: timing(base), builds: compared };
}

/** The first and the last line of what a compiler or a program said, without what the tool chain's paths add. */
function reason(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const lines = text.split('\n').filter((part) => part.trim() !== '');
  const told = lines.find((part) => /error:/.test(part)) ?? lines.at(-1) ?? '';
  return [...new Set([lines[0]?.slice(0, 100), told])].join(' ... ');
}

export async function measureOverhead(options: OverheadOptions): Promise<OverheadResult> {
  const { benchmarks, points, lto, runs, tell } = options;
  const variants: Variant[] = lto ? ['lto', ...points] : [...points];
  const programs: ProgramResult[] = [];
  const failed: Failure[] = [];
  tell(heading(variants));
  for (const benchmark of benchmarks) {
    try {
      const builds = await build(benchmark, variants, options);
      await measure(builds, runs);
      const result = compare(benchmark.name, builds, points[0]);
      tell(line(result));
      programs.push(result);
    } catch (error) {
      failed.push({ name: benchmark.name, why: reason(error) });
      tell(`${benchmark.name} FAILED: ${reason(error)}`);
    }
  }
  const geomeans = Object.fromEntries(
    variants.map((variant) => {
      const ratios = programs.map(({ builds }) => builds[variant]?.ratio ?? Number.NaN);
      return [variant, round(geometricMean(ratios), 4)];
    }),
  ) as OverheadResult['geomeans'];
  const [worst] = [...programs].sort((a, b) => b.ratio - a.ratio);
  tell(lastLine(variants.map((variant) => geomeans[variant] ?? Number.NaN)));
  return {
    points: points[0],
    geomean: geomeans[points[0]] ?? Number.NaN,
    worst: worst?.ratio ?? Number.NaN,
    worstProgram: worst?.name ?? '',
    ...{ geomeans, runs, programs, failed },
  };
}
