// SPDX-License-Identifier: GPL-3.0-or-later
// Moves between the guests, there and back, of processes with memory of given sizes.
import { join } from 'node:path';
import { buildProgram, cProgram } from '../build.ts';
import { type Guests, quote, startGuests } from '../guests.ts';
import type { Hop } from '../move.ts';
import { Job, type JobPlan } from '../scenario.ts';
import { setups } from '../server-setups.ts';
import { buildServer } from '../servers.ts';
import { benchmarks } from './paths.ts';
import { round } from './statistics.ts';

export interface HopSample extends Pick<Hop, 'from' | 'to'> {
  /** What moves, with its size. */
  what: string;
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
  cases: readonly HopCase[];
  tell(line: string): void;
}

/** A process that is worth moving once `prepare` is through. */
export interface HopCase {
  what: string;
  plan: JobPlan;
  prepare(job: Job): Promise<void>;
}

const heading =
  'what            move                   images   down time    notify      dump     xform   restore';

/** What the record of a tool tells as its whole time. */
const whole = (phases: HopSample['phases'], tool: string): string =>
  `${(phases[tool]?.total ?? Number.NaN).toFixed(0)} ms`.padStart(10);

function line({ what, from, to, imageMb, downMs, phases }: HopSample): string {
  return [
    what.padEnd(12),
    `${from} -> ${to}`.padEnd(20),
    `${imageMb.toFixed(1)} MB`.padStart(10),
    `${downMs.toFixed(0)} ms`.padStart(11),
    ...['hc-notify', 'hc-dump', 'hc-xform', 'hc-restore'].map((tool) => whole(phases, tool)),
  ].join('');
}

function sampleOf(what: string, { from, to, downMs, totalMs, bytes, stages }: Hop): HopSample {
  const rounded = (ms: Record<string, number>) =>
    Object.fromEntries(Object.entries(ms).map(([phase, value]) => [phase, round(value, 2)]));
  return {
    ...{ from, to, what },
    imageMb: round(bytes / 1e6, 2),
    downMs: round(downMs, 1),
    totalMs: round(totalMs, 1),
    phases: Object.fromEntries(stages.map(({ tool, ms }) => [tool, rounded(ms)])),
  };
}

async function thereAndBack(guests: Guests, { what, plan, prepare }: HopCase): Promise<HopSample[]> {
  const job = new Job(guests, plan);
  try {
    await job.start();
    await prepare(job);
    return [sampleOf(what, await job.hop()), sampleOf(what, await job.hop())];
  } finally {
    await job.remove();
  }
}

/** Computes on a heap of so many MiB. */
export async function heapCases(sizes: readonly number[]): Promise<HopCase[]> {
  const program = await buildProgram(await cProgram(join(benchmarks, 'heap.c')));
  return sizes.map((size) => ({
    what: `${size} MiB`,
    plan: { name: `heap-${size}`, program, args: [String(size)], outputs: [] },
    async prepare(job) {
      if (!(await job.waitForLines('^ready', 1))) throw new Error(`heap ${size} ended by itself`);
    },
  }));
}

/** Has Redis make keys with values of 1,000 bytes, and waits for its answer. */
const populate = (port: number, megabytes: number): string => `
  const socket = require('net').connect(${port}, '127.0.0.1');
  socket.write('DEBUG POPULATE ${megabytes * 1000} key 1000\\r\\n');
  socket.on('data', (said) => { process.exit(String(said) === '+OK\\r\\n' ? 0 : 1); });
`;

/** Redis with so many MB of values. */
export async function redisCases(sizes: readonly number[]): Promise<HopCase[]> {
  const program = await buildServer('redis');
  const place = { address: '127.0.0.1', port: 7700 };
  return sizes.map((size) => ({
    what: `${size} MB`,
    plan: { name: `redis-${size}`, program, args: setups.redis.args(place), outputs: [] },
    async prepare(job) {
      await job.run('until grep -q "Ready to accept connections" out; do usleep 100000; done', 60_000);
      await job.run(quote(['node', '-e', populate(place.port, size)]), 600_000);
    },
  }));
}

export async function measureHops({ cases, tell }: HopOptions): Promise<HopResult> {
  const guests = await startGuests();
  const samples: HopSample[] = [];
  try {
    // The first move in fresh guests reads every program from disk.
    for (const first of cases.slice(0, 1)) await thereAndBack(guests, first);
    tell(heading);
    for (const each of cases) {
      const pair = await thereAndBack(guests, each);
      for (const sample of pair) tell(line(sample));
      samples.push(...pair);
    }
  } finally {
    await guests.stop();
  }
  return { samples };
}
