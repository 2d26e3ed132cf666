// SPDX-License-Identifier: GPL-3.0-or-later
// The transform alone: hc-xform between two pipes, with dumps up to gigabytes.
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { openOutput } from '@h-containers/image-stream';
import { type Isa, isas } from '@h-containers/native-toolchain';
import { tools } from '../paths.ts';
import { fixtures, writeLargeDump } from './large-dump.ts';
import { median, round } from './statistics.ts';
import { startTimed } from './timed.ts';

export interface TransformSample {
  from: Isa;
  mib: number;
  /** Own work besides moving bytes, as the tool's record tells: decode, look up, walk, rebuild, encode. */
  cpuMs: number;
  /** The whole process: start-up of Node.js, moving of bytes. */
  totalCpuMs: number;
  peakRssMb: number;
  seconds: number;
  gbPerS: number;
}

export interface TransformResult {
  /** The largest median of any size. */
  cpuMs: number;
  /** The largest of any run. */
  peakRssMb: number;
  /** Median with the largest size. */
  gbPerS: number;
  samples: TransformSample[];
}

export interface TransformOptions {
  sizes: readonly number[];
  runs: number;
  tell(line: string): void;
}

interface Message {
  ms?: Record<string, number>;
}

function ownCpuMs(stderr: string): number {
  const messages = stderr
    .split('\n')
    .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Message] : []));
  const cpu = messages.findLast(({ ms }) => ms?.cpu !== undefined)?.ms?.cpu;
  if (cpu === undefined) throw new Error(`hc-xform told no CPU time: ${stderr}`);
  return cpu;
}

async function transformOnce(from: Isa, mib: number): Promise<TransformSample> {
  const to = from === 'x86-64' ? 'aarch64' : 'x86-64';
  const tool = join(tools, 'hc-xform/dist/cli.js');
  const words = [process.execPath, tool, '--to', to, '--json', '--bundles', fixtures];
  // Node.js gives children sockets; what tools get from each other is pipes.
  const script = 'cat | "$@" | cat >/dev/null';
  const { child, usage } = await startTimed(words, ['pipe', 'ignore', 'pipe'], script);
  const told = text(child.stderr as Readable);
  const started = performance.now();
  const input = child.stdin as Writable;
  await writeLargeDump(from, mib, await openOutput({ stdout: input as NodeJS.WriteStream }));
  input.end();
  const { cpuMs: totalCpuMs, peakMb } = await usage;
  const seconds = (performance.now() - started) / 1000;
  return {
    ...{ from, mib },
    cpuMs: round(ownCpuMs(await told)),
    totalCpuMs: round(totalCpuMs, 1),
    peakRssMb: round(peakMb, 1),
    seconds: round(seconds),
    gbPerS: round((mib * 2 ** 20) / 1e9 / seconds),
  };
}

function line(samples: readonly TransformSample[]): string {
  const of = (field: keyof Omit<TransformSample, 'from'>) => median(samples.map((sample) => sample[field]));
  const [first] = samples;
  return [
    (first?.from ?? '').padEnd(10),
    `${first?.mib} MiB`.padStart(10),
    `${of('cpuMs').toFixed(2)} ms`.padStart(12),
    `${of('totalCpuMs').toFixed(0)} ms`.padStart(12),
    `${Math.max(...samples.map(({ peakRssMb }) => peakRssMb)).toFixed(0)} MB`.padStart(10),
    of('gbPerS').toFixed(2).padStart(8),
  ].join(' ');
}

const heading = 'from             heap     own work    CPU total   peak RSS     GB/s';

export async function measureTransform({ sizes, runs, tell }: TransformOptions): Promise<TransformResult> {
  tell(heading);
  const groups: TransformSample[][] = [];
  for (const mib of sizes) {
    for (const from of isas) {
      const group: TransformSample[] = [];
      for (let run = 0; run < runs; run++) group.push(await transformOnce(from, mib));
      tell(line(group));
      groups.push(group);
    }
  }
  const samples = groups.flat();
  const largest = samples.filter(({ mib }) => mib === Math.max(...sizes));
  return {
    cpuMs: Math.max(...groups.map((group) => median(group.map(({ cpuMs }) => cpuMs)))),
    peakRssMb: Math.max(...samples.map(({ peakRssMb }) => peakRssMb)),
    gbPerS: median(largest.map(({ gbPerS }) => gbPerS)),
    samples,
  };
}
