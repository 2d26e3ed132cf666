// SPDX-License-Identifier: GPL-3.0-or-later
// bzip2, Lua and SQLite move between two machines of different ISAs while they work, and end with the output of ordinary
// builds that never moved.
import { createHash } from 'node:crypto';
import { startGuests } from './guests.ts';
import { buildJob, planJob, realJobs } from './jobs.ts';
import { type Journey, travel } from './journey.ts';
import type { Hop, Stage } from './move.ts';
import { type Outputs, runHere } from './scenario.ts';

const HOPS = 4;
const wantsJson = process.argv.includes('--json');
const started = performance.now();

function say(text: string): void {
  const seconds = ((performance.now() - started) / 1000).toFixed(1).padStart(6);
  console.log(`${seconds} s  ${text}`);
}

const tools = ['hc-notify', 'hc-dump', 'hc-xform', 'hc-restore'];

function seconds(ms: number | undefined): string {
  return ms === undefined || Number.isNaN(ms) ? '?' : `${(ms / 1000).toFixed(2)} s`;
}

/** What happened, in the order in which it happened. The transfer is what hc-restore spends on receiving. */
function phases(stages: readonly Stage[]): string {
  const of = (tool: string) => stages.find((stage) => stage.tool === tool)?.ms ?? {};
  const [notify = {}, dump = {}, transform = {}, restore = {}] = tools.map(of);
  return [
    `notify ${seconds(notify.total)}`,
    `dump ${seconds(dump.criu)}`,
    `transform ${seconds(transform.transform)}`,
    `transfer ${seconds(restore.receive)}`,
    `restore ${seconds(restore.criu)}`,
  ].join(', ');
}

function tellHop(name: string, hop: Hop, index: number): void {
  const { from, to, downMs, totalMs, bytes, stages } = hop;
  say(
    `${name}: hop ${index + 1}, ${from} -> ${to}: down ${seconds(downMs)} of ${seconds(totalMs)}, ${(bytes / 1e6).toFixed(1)} MB`,
  );
  console.log(`            ${phases(stages)}`);
}

function digest(bytes: Buffer | undefined): string {
  return createHash('sha256')
    .update(bytes ?? '')
    .digest('hex')
    .slice(0, 16);
}

function prove(name: string, journey: Journey, expected: Outputs): boolean {
  for (const [file, bytes] of Object.entries(expected)) {
    const [unmoved, moved] = [digest(bytes), digest(journey.outputs[file])];
    const size = `${(bytes.length / 1e6).toFixed(2)} MB`;
    console.log(
      `  ${name.padEnd(7)} ${file.padEnd(7)} ${size.padStart(10)}  ${unmoved}  ${moved}  ${unmoved === moved ? 'same' : 'DIFFERENT'}`,
    );
  }
  return journey.differences.length === 0;
}

say('building bzip2, Lua and SQLite with hc-cc, and with clang-19 for comparison');
const [guests, ...programs] = await Promise.all([startGuests(), ...realJobs.map((job) => buildJob(job))]);
say('built; the guests are up');

// All move at the same time: a job that waited for its turn would work on meanwhile, and end before its last move.
const results = await Promise.all(
  realJobs.map(async (job, index) => {
    const program = programs[index];
    if (!program) throw new Error(`${job.name} was not built`);
    const plan = await planJob(job, 'full', program);
    const reference = runHere(plan);
    say(`${job.name}: starts in the x86-64 guest`);
    const journey = await travel(guests, plan, reference, {
      ...{ hops: HOPS, seed: index + 1, longestMs: 3000 },
      onHop: (hop, count) => tellHop(job.name, hop, count),
    });
    say(`${job.name}: done`);
    return { name: job.name, journey, expected: await reference };
  }),
);
await guests.stop();

console.log('\nSHA-256 of what they wrote: ordinary build that never moved, and moved four times');
const summary = results.map(({ name, journey, expected }) => ({
  name,
  hops: journey.hops.length,
  identical: prove(name, journey, expected),
  downMs: journey.hops.map(({ downMs }) => Math.round(downMs)),
}));
for (const { journey } of results) for (const text of journey.differences) console.log(`  ${text}`);
const good = summary.every(({ identical }) => identical);
console.log(good ? '\nAll outputs are identical.' : '\nOutputs differ.');
if (wantsJson) console.log(JSON.stringify({ programs: summary }));
process.exitCode = good ? 0 : 1;
