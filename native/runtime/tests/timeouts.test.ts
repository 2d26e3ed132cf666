// SPDX-License-Identifier: 0BSD
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { llvm } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const here = dirname(fileURLToPath(import.meta.url));

test('which calls have a time-out, of which kind, and what is left of it', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hc-timeouts-'));
  try {
    const program = join(folder, 'timeouts');
    await execa(llvm.clang, [
      '-std=c11',
      '-Wall',
      '-fsanitize=undefined',
      '-fsanitize-trap=undefined',
      join(here, 'units/timeouts.c'),
      '-o',
      program,
    ]);
    const { stdout, exitCode } = await execa(program, { reject: false });
    assert.is(stdout, '');
    assert.is(exitCode, 0);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.run();
