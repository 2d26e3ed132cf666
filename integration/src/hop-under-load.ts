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
import { Job } from './scenario.ts';
import { setups } from './server-setups.ts';
import type { ServerName } from './servers.ts';

export interface LoadPlan {
  name: ServerName;
  program: Program;
  hops: number;
  /** Options of the load client. */
  load?: string[];
  /** Orders for the load client before each hop, as `bgsave`. */
  orders?: string[];
  betweenMs?: number;
  onHop?: (hop: Hop, index: number) => void;
}

export interface Outcome {
  hops: Hop[];
  load: Result;
  /** Digests of all data around each hop that the load was paused for; Redis only. */
  digests: { before: unknown; after: unknown }[];
}

const place = { address: '10.77.0.60', port: 7700 };
const modest = ['--connections', '6', '--depth', '2', '--rate', '10'];

export async function hopUnderLoad(guests: Guests, plan: LoadPlan): Promise<Outcome> {
  const { name, program, hops, orders = [], betweenMs = 2000 } = plan;
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
  const digests: Outcome['digests'] = [];
  try {
    await job.start();
    const options = ['--host', place.address, '--port', String(place.port), '--json', '--wait', '60'];
    const words = ['node', '/work/load/load.mjs', name, ...options, ...(plan.load ?? modest)];
    const child = host.guest.spawn(host.command(quote(words)), { stdin: 'pipe' });
    child.catch(() => {});
    const client = await LoadClient.start(child);
    for (let index = 0; index < hops; index += 1) {
      await sleep(betweenMs);
      for (const order of orders) await client.order(order);
      plan.onHop?.(await job.hop(), index);
    }
    if (name === 'redis') digests.push(await hopWhilePaused(client, job, plan));
    await sleep(betweenMs);
    return { hops: job.hops, load: await client.finish(), digests };
  } finally {
    await job.remove();
    await rm(input, { recursive: true, force: true });
  }
}

/** Nothing changes meanwhile, so that all data must be the same. */
async function hopWhilePaused(
  client: LoadClient,
  job: Job,
  { hops, onHop }: LoadPlan,
): Promise<{ before: unknown; after: unknown }> {
  await client.order('pause');
  const before = await client.order('digest');
  onHop?.(await job.hop(), hops);
  const after = await client.order('digest');
  await client.order('resume');
  return { before, after };
}
