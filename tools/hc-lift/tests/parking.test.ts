// SPDX-License-Identifier: GPL-3.0-or-later
// Lifted programs park where compiled ones do.
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { park, release } from '@h-containers/processes';
import { execa } from 'execa';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bundle, command, native } from './programs.ts';

const options = {
  ...{ timeoutMs: 5000, tree: false, onTarget: () => {} },
  signal: new AbortController().signal,
};

if (process.arch === 'x64') {
  for (const call of ['write', 'sendfile', 'splice', 'tee']) {
    test(`a program that waits in ${call} for room in a pipe parks, and waits on`, async () => {
      const executable = await native('full-pipe', ['full-pipe.c']);
      const [file, ...before] = command(await bundle(executable), 'x86-64');
      const child = execa(file, [...before, call], { timeout: 60_000, reject: false });
      const lines = createInterface({ input: child.stdout });
      const pid = child.pid ?? 0;
      assert.equal(await once(lines, 'line'), ['begins']);
      await sleep(100);
      await release(await park([pid], options));
      await sleep(100);
      assert.is(child.exitCode, null);
      child.kill();
      assert.is((await child).stdout, 'begins');
    });
  }
}

test.run();
