// SPDX-License-Identifier: GPL-3.0-or-later
// Programs lifted from stripped executables move like those compiled from source, by the same tools.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { liftSource } from '../src/lifted.ts';
import { top } from '../src/paths.ts';
import { collect, differences, Job, type JobPlan, runHere } from '../src/scenario.ts';
import { guests } from '../tests/pair.ts';

const folder = join(top, 'integration/programs');
const names = [
  'callbacks',
  'children',
  'deep-recursion',
  'floating-point',
  'function-pointers',
  'long-jumps',
  'many-arguments',
  'process-state',
  'signals',
  'stack-pointers',
  'timers',
  'variable-arrays',
];
const READY = '^(ready|sleeping)';

const test = suite('lifted programs on the move');

for (const name of names) {
  test(name, async () => {
    const program = await liftSource(join(folder, `${name}.c`), 'musl');
    const plan: JobPlan = {
      name: program.name,
      program,
      env: { HOPS: '1000' },
      files: ['/tmp'],
      outputs: ['out'],
    };
    const expected = await runHere(plan);
    const job = new Job(await guests(), plan);
    try {
      await job.start();
      while (await job.waitForLines(READY, job.hops.length + 1)) await job.hop();
      await job.ended();
      assert.equal(differences(expected, await collect(plan, (file) => job.read(file))), []);
      assert.ok(job.hops.length >= 2, `${job.hops.length} moves`);
    } finally {
      await job.remove();
    }
  });
}

test.run();
