// SPDX-License-Identifier: GPL-3.0-or-later
// Real programs are moved at arbitrary moments of their work. HC_SEED chooses other moments.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildJob, planJob, realJobs } from '../src/jobs.ts';
import { type Journey, travel } from '../src/journey.ts';
import { runHere } from '../src/scenario.ts';
import { guests } from './pair.ts';

const HOPS = 4;
const seed = Number(process.env.HC_SEED ?? 1);

/** One test for each of the jobs; all are on the move at the same time. */
export function testJourneys(title: string, names: readonly string[]): void {
  const test = suite(title);
  const journeys = new Map<string, Promise<Journey>>();
  const jobs = realJobs.filter(({ name }) => names.includes(name));

  test.before(() => {
    for (const [index, job] of jobs.entries()) {
      const journey = (async () => {
        const plan = await planJob(job, 'small', await buildJob(job));
        const options = { hops: HOPS, seed: seed + index, longestMs: 2000 };
        return travel(await guests(), plan, runHere(plan), options);
      })();
      journey.catch(() => {});
      journeys.set(job.name, journey);
    }
  });

  for (const name of names) {
    test(`${name} makes ${HOPS} moves and ends with the output of the unmoved build (HC_SEED=${seed})`, async () => {
      const journey = await journeys.get(name);
      assert.equal(journey?.differences, []);
      assert.is(journey?.hops.length, HOPS);
    });
  }

  test.run();
}
