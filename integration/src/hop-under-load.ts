// SPDX-License-Identifier: GPL-3.0-or-later
// A server hops between the guests with its address while a load client on a third host checks every reply.
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from './build.ts';
import { clientHost } from './client-host.ts';
import { type Guests, quote } from './guests.ts';
import { bundleLoadClient } from './load/bundle.ts';
import { LoadClient } from './load/orders.ts';
import type { Result } from './load/tally.ts';
import type { Hop } from './move.ts';
import type { Check, Round } from './redis-rounds.ts';
import { Job } from './scenario.ts';
import { setups } from './server-setups.ts';
import type { ServerName } from './servers.ts';

export interface LoadPlan {
  name: ServerName;
  program: Program;
  hops: number;
  /** Options of the load client. */
  load?: string[];
  /** What is tried after these hops. */
  rounds?: readonly Round[];
  betweenMs?: number;
  onHop?: (hop: Hop, index: number, underway: Underway) => void | Promise<void>;
}

/** A server and the load on it. */
export interface Underway {
  job: Job;
  client: LoadClient;
}

export interface Outcome {
  hops: Hop[];
  load: Result;
  /** What was tried besides, each with a hop in its middle. */
  checks: Check[];
}

const place = { address: '10.77.0.60', port: 7700 };
const modest = ['--connections', '6', '--depth', '2', '--rate', '10'];

/** Starts a server and the load on it, has `work` done, and ends both. */
export async function underLoad<T>(
  guests: Guests,
  { name, program, load = modest }: Pick<LoadPlan, 'name' | 'program' | 'load'>,
  work: (underway: Underway) => Promise<T>,
): Promise<T> {
  const host = await clientHost(guests);
  await host.guest.put(dirname(await bundleLoadClient()), '/work/load');
  const input = await mkdtemp(join(tmpdir(), `${name}-in-`));
  // nginx's workers are not root.
  await chmod(input, 0o755);
  await setups[name].prepare(input, place);
  const job = new Job(guests, {
    ...{ name, program, input, args: setups[name].args(place), outputs: [] },
    addresses: { names: [place.address], devices: host.devices },
  });
  try {
    await job.start();
    const options = ['--host', place.address, '--port', String(place.port), '--json', '--wait', '60'];
    const words = ['node', '/work/load/load.mjs', name, ...options, ...load];
    const child = host.guest.spawn(host.command(quote(words)), { stdin: 'pipe' });
    return await work({ job, client: await LoadClient.start(child) });
  } finally {
    await job.remove();
    await rm(input, { recursive: true, force: true });
  }
}

export async function hopUnderLoad(guests: Guests, plan: LoadPlan): Promise<Outcome> {
  const { hops, rounds = [], betweenMs = 2000 } = plan;
  return underLoad(guests, plan, async ({ job, client }) => {
    const hop = async (): Promise<void> => {
      const hop = await job.hop();
      await plan.onHop?.(hop, job.hops.length - 1, { job, client });
    };
    for (let count = 0; count < hops; count += 1) {
      await sleep(betweenMs);
      await hop();
    }
    const checks: Check[] = [];
    for (const round of rounds) checks.push(await round(client, hop));
    await sleep(betweenMs);
    return { hops: job.hops, load: await client.finish(), checks };
  });
}
