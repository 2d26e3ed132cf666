// SPDX-License-Identifier: GPL-3.0-or-later
// npm run soak: Redis hops under load hundreds of times; nothing may fail, and the server's memory must not grow.
import { defineCommand, runMain } from 'citty';
import { keep } from './bench/keep.ts';
import { observe } from './bench/machine.ts';
import { median, round } from './bench/statistics.ts';
import { startGuests } from './guests.ts';
import { hopUnderLoad, type Underway } from './hop-under-load.ts';
import { buildServer } from './servers.ts';

/** Of the server, after a hop. */
interface Memory {
  /** Resident set (VmRSS of /proc/PID/status) in MB. */
  residentMb: number;
  /** What Redis has allocated (used_memory of INFO) in MB. */
  usedMb: number;
}

async function memoryOf({ job, client }: Underway): Promise<Memory> {
  const status = await job.run(`cat /proc/${job.pid}/status`, 60_000);
  const kilobytes = Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]);
  const used = Number(await client.order('memory'));
  return { residentMb: round((kilobytes * 1024) / 1e6, 2), usedMb: round(used / 1e6, 2) };
}

/** Medians of the second and of the last quarter: in the first one the load still fills the server. */
function growth(samples: readonly number[]): { second: number; last: number } {
  const quarter = Math.ceil(samples.length / 4);
  const middle = (from: number, to: number) => median(samples.slice(from, to));
  return { second: middle(quarter, 2 * quarter), last: middle(samples.length - quarter, samples.length) };
}

/** More is growth, of what the server has besides its data: the load's data wax and wane. */
const tolerated = 1.05;

const usual = 200;

const command = defineCommand({
  meta: { name: 'soak', description: 'Redis hops under load, many times' },
  args: {
    hops: { type: 'string', default: String(usual), description: 'how many' },
    json: { type: 'boolean', description: 'the last line is the result as JSON' },
  },
  async run({ args }) {
    const program = await buildServer('redis');
    const conclude = await observe('soak');
    const guests = await startGuests();
    const memory: Memory[] = [];
    const started = performance.now();
    try {
      const { hops, load } = await hopUnderLoad(guests, {
        ...{ name: 'redis', program, hops: Number(args.hops), betweenMs: 500 },
        async onHop({ from, to, downMs, totalMs, bytes }, index, underway) {
          const sample = await memoryOf(underway);
          memory.push(sample);
          console.log(
            `hop ${index + 1}, ${from} -> ${to}: down ${Math.round(downMs)} of ${Math.round(totalMs)} ms, ${(bytes / 1e6).toFixed(1)} MB; resident ${sample.residentMb} MB, used ${sample.usedMb} MB`,
          );
        },
      });
      const { replies, lost, wrong, resets, longestPauseMs, complaints } = load;
      const residentMb = growth(memory.map((sample) => sample.residentMb));
      const usedMb = growth(memory.map((sample) => sample.usedMb));
      const besides = growth(memory.map((sample) => sample.residentMb - sample.usedMb));
      const grows = besides.last > besides.second * tolerated;
      const down = hops.map(({ downMs }) => downMs);
      const result = {
        ...{ hops: hops.length, minutes: round((performance.now() - started) / 60_000, 1) },
        ...{ replies, lost, wrong, resets, longestPauseMs, complaints },
        downMs: { median: Math.round(median(down)), longest: Math.round(Math.max(...down)) },
        ...{ residentMb, usedMb, grows },
      };
      // A few hops are no soak, and must not take the place of one.
      if (hops.length >= usual) await keep('-soak', { conditions: conclude(), soak: result });
      console.log(JSON.stringify(result, null, args.json ? undefined : 2));
      process.exitCode = lost + wrong + resets === 0 && !grows ? 0 : 1;
    } finally {
      await guests.stop();
    }
  },
});

await runMain(command);
