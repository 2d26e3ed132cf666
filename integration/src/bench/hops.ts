// SPDX-License-Identifier: GPL-3.0-or-later
// Moves between the guests, there and back, of a process that computes on a heap of a given size.
import { join } from 'node:path';
import { buildProgram, cProgram, type Program } from '../build.ts';
import { type Guests, startGuests } from '../guests.ts';
import type { Hop } from '../move.ts';
import { Job } from '../scenario.ts';
import { benchmarks } from './paths.ts';
import { round } from './statistics.ts';

export interface HopSample extends Pick<Hop, 'from' | 'to'> {
  heapMib: number;
  imageMb: number;
  downMs: number;
  totalMs: number;
  /** Milliseconds that each tool reports for its phases, by tool. */
  phases: Record<string, Record<string, number>>;
}

export interface HopResult {
  samples: HopSample[];
}

export interface HopOptions {
  sizes: readonly number[];
  tell(line: string): void;
}

const heading =
  'heap            move                   images   down time    notify      dump     xform   restore';

/** What the record of a tool tells as its whole time. */
const whole = (phases: HopSample['phases'], tool: string): string =>
  `${(phases[tool]?.total ?? Number.NaN).toFixed(0)} ms`.padStart(10);

function line({ heapMib, from, to, imageMb, downMs, phases }: HopSample): string {
  return [
    `${heapMib} MiB`.padEnd(12),
    `${from} -> ${to}`.padEnd(20),
    `${imageMb.toFixed(1)} MB`.padStart(10),
    `${downMs.toFixed(0)} ms`.padStart(11),
    ...['hc-notify', 'hc-dump', 'hc-xform', 'hc-restore'].map((tool) => whole(phases, tool)),
  ].join('');
}

function sampleOf(heapMib: number, { from, to, downMs, totalMs, bytes, stages }: Hop): HopSample {
  const rounded = (ms: Record<string, number>) =>
    Object.fromEntries(Object.entries(ms).map(([phase, value]) => [phase, round(value, 2)]));
  return {
    ...{ from, to, heapMib },
    imageMb: round(bytes / 1e6, 2),
    downMs: round(downMs, 1),
    totalMs: round(totalMs, 1),
    phases: Object.fromEntries(stages.map(({ tool, ms }) => [tool, rounded(ms)])),
  };
}

async function thereAndBack(guests: Guests, program: Program, heapMib: number): Promise<HopSample[]> {
  const plan = { name: `heap-${heapMib}`, program, args: [String(heapMib)], outputs: [] };
  const job = new Job(guests, plan);
  try {
    await job.start();
    if (!(await job.waitForLines('^ready', 1))) throw new Error(`heap ${heapMib} ended by itself`);
    return [sampleOf(heapMib, await job.hop()), sampleOf(heapMib, await job.hop())];
  } finally {
    await job.remove();
  }
}

export async function measureHops({ sizes, tell }: HopOptions): Promise<HopResult> {
  const program = await buildProgram(await cProgram(join(benchmarks, 'heap.c')));
  const guests = await startGuests();
  const samples: HopSample[] = [];
  try {
    // The first move in fresh guests reads every program from disk.
    await thereAndBack(guests, program, 1);
    tell(heading);
    for (const size of sizes) {
      const pair = await thereAndBack(guests, program, size);
      for (const sample of pair) tell(line(sample));
      samples.push(...pair);
    }
  } finally {
    await guests.stop();
  }
  return { samples };
}
