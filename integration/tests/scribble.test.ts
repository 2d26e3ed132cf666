// SPDX-License-Identifier: GPL-3.0-or-later
// Under the scribbling runtime nothing in registers or native frames outlives a migration point: each program must print the
// same all the same, on x86-64 and, emulated, on aarch64.
import { basename, join } from 'node:path';
import glob from 'fast-glob';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildProgram, cProgram } from '../src/build.ts';
import { buildJob, planJob, realJobs } from '../src/jobs.ts';
import { top } from '../src/paths.ts';
import { pool } from '../src/pool.ts';
import { differences, type JobPlan, runHere } from '../src/scenario.ts';

const folder = join(top, 'integration/programs');
const names = (await glob('*.c', { cwd: folder })).map((file) => basename(file, '.c')).sort();

const commands = {
  'x86-64': (bundle: string) => [join(bundle, 'x86-64/app')],
  aarch64: (bundle: string) => ['qemu-aarch64-static', join(bundle, 'aarch64/app')],
};

interface Subject {
  name: string;
  /** Every how many points it scribbles. */
  period: number;
  plan(): Promise<JobPlan>;
}

const subjects: Subject[] = [
  ...names.map((name) => ({
    name,
    period: 1,
    plan: async () => {
      const program = await buildProgram(await cProgram(join(folder, `${name}.c`)), 'scribble');
      return { name, program, outputs: ['out'] };
    },
  })),
  ...realJobs.map((job) => ({
    name: job.name,
    // A prime, so that it does not keep step with loops.
    period: 101,
    plan: async () => planJob(job, 'tiny', await buildJob(job, 'scribble')),
  })),
];

async function run({ period, plan: makePlan }: Subject): Promise<string[]> {
  const plan = await makePlan();
  const env = { HC_SCRIBBLE: String(period) };
  const expected = await runHere(plan);
  const found: string[] = [];
  for (const [isa, command] of Object.entries(commands)) {
    const actual = await runHere(plan, command(plan.program.bundle), env);
    found.push(...differences(expected, actual).map((text) => `${isa}: ${text}`));
  }
  return found;
}

const test = suite('scribbled programs');
const atOnce = pool(2);
const results = new Map<Subject, Promise<string[]>>();

test.before(() => {
  for (const subject of subjects) {
    const result = atOnce(() => run(subject));
    result.catch(() => {});
    results.set(subject, result);
  }
});

for (const subject of subjects) {
  test(`${subject.name}, at ${subject.period === 1 ? 'every point' : `every ${subject.period}th point`}`, async () => {
    assert.equal(await results.get(subject), []);
  });
}

test.run();
