// SPDX-License-Identifier: GPL-3.0-or-later
// npm run bench:edge: a client moves away from the node that holds Redis; what a hop after it gains over staying put.
import { defineCommand, runMain } from 'citty';
import { keep } from './bench/keep.ts';
import { observe } from './bench/machine.ts';
import { round } from './bench/statistics.ts';
import { plot } from './edge/plot.ts';
import { type Ride, type Route, ride } from './edge/ride.ts';
import { startGuests } from './guests.ts';
import { buildServer } from './servers.ts';

const sum = (steps: Ride['steps']): number => steps.reduce((total, { replies }) => total + replies, 0);

/** Replies a second over all steps, or the first `count`. */
function rate({ steps }: Ride, { stepMs }: Route, count = steps.length): number {
  return round((sum(steps.slice(0, count)) * 1000) / (count * stepMs), 1);
}

function tell(name: string, { steps, hop, load }: Ride): void {
  console.log(`${name}:   time   delay x86-64   aarch64   replies a second`);
  for (const { atS, delays, perSecond } of steps)
    console.log(
      `${' '.repeat(name.length)} ${atS.toFixed(0).padStart(5)} s ${String(delays['x86-64']).padStart(9)} ms ${String(delays.aarch64).padStart(6)} ms ${perSecond.toFixed(1).padStart(12)}`,
    );
  const down = hop ? `, ${Math.round(hop.downMs)} ms down` : '';
  console.log(
    `${name}: ${load.replies} replies, ${load.lost} lost, ${load.wrong} wrong, ${load.resets} resets${down}`,
  );
}

const command = defineCommand({
  meta: { name: 'bench:edge', description: 'Redis hops after its client, or stays put' },
  args: {
    near: { type: 'string', default: '20', valueHint: 'MS', description: 'delay to the nearest node' },
    far: { type: 'string', default: '200', valueHint: 'MS', description: 'delay to the farthest node' },
    trip: { type: 'string', default: '10', valueHint: 'STEPS', description: 'from node to node' },
    stay: { type: 'string', default: '5', valueHint: 'STEPS', description: 'after the arrival' },
    step: { type: 'string', default: '6', valueHint: 'SECONDS', description: 'length of a step' },
    json: { type: 'boolean', description: 'the last line is the result as JSON' },
  },
  async run({ args }) {
    const route: Route = {
      ...{ nearMs: Number(args.near), farMs: Number(args.far) },
      ...{ tripSteps: Number(args.trip), staySteps: Number(args.stay), stepMs: Number(args.step) * 1000 },
    };
    const program = await buildServer('redis');
    const conclude = await observe('bench:edge');
    const guests = await startGuests();
    try {
      const moved = await ride(guests, program, route, true);
      tell('moved', moved);
      const stayed = await ride(guests, program, route, false);
      tell('stayed', stayed);
      const whole = { moved: rate(moved, route), stayed: rate(stayed, route) };
      const { tripSteps } = route;
      const trip = { moved: rate(moved, route, tripSteps), stayed: rate(stayed, route, tripSteps) };
      const conditions = conclude();
      const result = {
        ...{ ratio: round(whole.moved / whole.stayed, 2), ...whole },
        tripOnly: { ratio: round(trip.moved / trip.stayed, 2), ...trip },
      };
      const plotted = { '.svg': plot(moved, stayed) };
      await keep('-edge', { conditions, route, result, moved, stayed }, plotted);
      if (args.json) console.log(JSON.stringify(result));
      const harm = [moved, stayed].some(({ load }) => load.lost + load.wrong + load.resets > 0);
      process.exitCode = harm ? 1 : 0;
    } finally {
      await guests.stop();
    }
  },
});

await runMain(command);
