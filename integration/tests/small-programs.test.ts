// SPDX-License-Identifier: GPL-3.0-or-later
// Each of the small programs is moved to and fro at all the places where it says that it may be, and must not notice.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Member, moveFamily, programsIn } from '../src/family.ts';
import { top } from '../src/paths.ts';
import { guests } from './pair.ts';

const programs = await programsIn(join(top, 'integration/programs'));

const test = suite('small programs on the move');
let members: Promise<Map<string, Member>>;

test.before(async () => {
  const options = {
    name: 'programs',
    programs,
    env: { HOPS: '1000' },
    files: ['/tmp'],
    ready: '^(ready|sleeping)',
  };
  members = moveFamily(await guests(), options);
  // Each test tells; uvu would swallow it here.
  members.catch(() => {});
});

for (const { name } of programs) {
  test(name, async () => {
    const member = (await members).get(name);
    assert.equal(member?.differences, []);
    assert.ok((member?.hops ?? 0) >= 2, `${member?.hops} moves`);
  });
}

test.run();
