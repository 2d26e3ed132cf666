// SPDX-License-Identifier: 0BSD
import { isas } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle, command } from './programs.ts';

const programs = {
  signals: 'signals: actions, masks, handlers within handlers, alternate stacks, jumps out, stack overflow',
  memory: 'memory: mmap, mremap, brk and shmat take addresses from the arenas',
  process: 'processes: arguments, fork, vfork, posix_spawn, exit status, clocks',
  threads: 'threads: create, join, detach, locks of all kinds, thread-locals, stacks, names',
  cancel: 'cancellation: in and before calls, deferred, masked, at once, racing with signals',
  lives: 'threads and the process: many that come and go, fork, the end of the first one, all at once',
  atomics: 'atomics: of all sizes, sequentially consistent, publishing',
  jumps: 'setjmp and longjmp over portable frames',
  vectors: 'vectors: across points, in parts of register pairs, elements at indices that vary',
};

for (const [name, title] of Object.entries(programs)) {
  for (const isa of isas) {
    test(`${title}, on ${isa}`, async () => {
      const [file, ...args] = command(await bundle(name), isa);
      const { stdout } = await execa(file, args, { timeout: 60_000 });
      assert.is(stdout, `${name} ok`);
    });

    test(`${title}, scribbled at every point, on ${isa}`, async () => {
      const [file, ...args] = command(await bundle(name, 'scribble'), isa);
      const env = { HC_SCRIBBLE: '1', HC_SCRIBBLE_REPORT: '1' };
      const { stdout, stderr } = await execa(file, args, { env, timeout: 120_000 });
      assert.is(stdout, `${name} ok`);
      assert.match(stderr, /hc-scribble: \d+ points, \d+ parks, [1-9]\d* frames/);
    });
  }
}

test.run();
