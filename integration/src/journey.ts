// SPDX-License-Identifier: GPL-3.0-or-later
// A job that is moved at arbitrary moments of its work, and the proof that nobody can tell.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guests } from './guests.ts';
import type { Hop } from './move.ts';
import { randomNumbers } from './random.ts';
import { collect, differences, Job, type JobPlan, type Outputs } from './scenario.ts';

export interface JourneyOptions {
  hops: number;
  /** Decides the moments. */
  seed: number;
  /** The longest time that it works between two moves. */
  longestMs: number;
  /** After each hop. */
  onHop?: (hop: Hop, index: number) => void;
}

export interface Journey {
  hops: Hop[];
  outputs: Outputs;
  /** Empty when all outputs are as expected, byte for byte. */
  differences: string[];
}

export async function travel(
  guests: Guests,
  plan: JobPlan,
  expected: Promise<Outputs>,
  options: JourneyOptions,
): Promise<Journey> {
  const random = randomNumbers(options.seed);
  const job = new Job(guests, plan);
  try {
    await job.start();
    for (let index = 0; index < options.hops; index += 1) {
      await sleep(random() * options.longestMs);
      const hop = await job.hop();
      options.onHop?.(hop, index);
    }
    await job.ended();
    const outputs = await collect(plan, (name) => job.read(name));
    return { hops: job.hops, outputs, differences: differences(await expected, outputs) };
  } finally {
    await job.remove();
  }
}
