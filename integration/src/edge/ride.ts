// SPDX-License-Identifier: GPL-3.0-or-later
// A client travels from one node to the other while it works with Redis, which hops after it or stays.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Program } from '../build.ts';
import { clientHost } from '../client-host.ts';
import type { Guests } from '../guests.ts';
import { underLoad } from '../hop-under-load.ts';
import type { Result } from '../load/tally.ts';
import type { Hop } from '../move.ts';
import { beginDelays, type Delays, endDelays, setDelays } from './delays.ts';

/** The delay of the node that the client is next to, and of the one at the other end, in ms. */
export interface Route {
  nearMs: number;
  farMs: number;
  /** From node to node. */
  tripSteps: number;
  /** That the client stays when it has arrived. */
  staySteps: number;
  stepMs: number;
}

export interface Step {
  /** Seconds since the start of the ride, at the end of the step. */
  atS: number;
  delays: Delays;
  /** In this step. */
  replies: number;
  perSecond: number;
}

export interface Ride {
  steps: Step[];
  hop?: Hop;
  load: Result;
}

/** From x86-64 to aarch64: one delay grows by as much as the other shrinks. */
export function delaysOf({ nearMs, farMs, tripSteps, staySteps }: Route): Delays[] {
  const part = (step: number) => Math.min(step / (tripSteps - 1), 1);
  return Array.from({ length: tripSteps + staySteps }, (_, step) => {
    const grown = Math.round((farMs - nearMs) * part(step));
    return { 'x86-64': nearMs + grown, aarch64: farMs - grown };
  });
}

/** Where the other node becomes the nearer one. */
function turningPoint(delays: readonly Delays[]): number {
  return delays.findIndex((each) => each.aarch64 < each['x86-64']);
}

/** As fast as answers come, one request on the way on each connection: what a delay costs shows at once. */
const load = ['--connections', '3', '--depth', '1'];

export async function ride(guests: Guests, program: Program, route: Route, hops: boolean): Promise<Ride> {
  const host = await clientHost(guests);
  const delays = delaysOf(route);
  await beginDelays(host);
  try {
    return await underLoad(guests, { name: 'redis', program, load }, async ({ job, client }) => {
      const steps: Step[] = [];
      const started = performance.now();
      let moved: Promise<Hop> | undefined;
      let before = Number(await client.order('count'));
      let since = started;
      for (const [index, each] of delays.entries()) {
        await setDelays(host, each);
        if (hops && index === turningPoint(delays)) {
          moved = job.hop();
          // It is looked at when the ride is over.
          moved.catch(() => {});
        }
        await sleep(started + (index + 1) * route.stepMs - performance.now());
        const replies = Number(await client.order('count'));
        const now = performance.now();
        const perSecond = ((replies - before) * 1000) / (now - since);
        steps.push({ atS: (now - started) / 1000, delays: each, replies: replies - before, perSecond });
        [before, since] = [replies, now];
      }
      const hop = await moved;
      return { steps, ...(hop ? { hop } : {}), load: await client.finish() };
    });
  } finally {
    await endDelays(host);
  }
}
