// SPDX-License-Identifier: GPL-3.0-or-later
// The small programs once more, lifted from stripped executables: they move like those compiled from source, by the same
// tools. Some are aarch64 executables, one is C++.
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Member, moveFamily } from '../src/family.ts';
import { liftSource, type NativeCompiler } from '../src/lifted.ts';
import { top } from '../src/paths.ts';
import { guests } from './pair.ts';

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
  'threads',
  'timers',
  'variable-arrays',
];
const lifted = (name: string, compiler: NativeCompiler, file = `programs/${name}.c`) => ({
  name: `${name}-${compiler}`,
  build: () => liftSource(join(top, 'integration', file), compiler),
});
const programs = [
  ...names.map((name) => lifted(name, 'musl')),
  // These are the same programs with the larger libc.
  lifted('children', 'glibc'),
  lifted('threads', 'glibc'),
  lifted('contexts', 'glibc', 'lifted/contexts.c'),
  lifted('exceptions', 'c++', 'lifted/exceptions.cpp'),
  ...['callbacks', 'deep-recursion', 'floating-point', 'signals'].map((name) => lifted(name, 'aarch64-musl')),
];

const test = suite('lifted programs on the move');
let members: Promise<Map<string, Member>>;

test.before(async () => {
  const options = {
    ...{ name: 'lifted-programs', programs, env: { HOPS: '1000' }, files: ['/tmp'] },
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
