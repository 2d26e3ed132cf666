// SPDX-License-Identifier: GPL-3.0-or-later
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HcError } from '@h-containers/tool-kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { runCriu } from '../src/index.ts';

/** A script in CRIU's place: how it fails is what matters here. */
async function failureOf(script: string): Promise<string> {
  const images = await mkdtemp(join(tmpdir(), 'hc-criu-'));
  try {
    const criu = join(images, 'criu');
    await writeFile(criu, `#!/bin/sh\n${script}\n`);
    await chmod(criu, 0o755);
    await runCriu({ criu, action: 'dump', images, options: {} });
    throw new Error('should have failed');
  } catch (error) {
    if (error instanceof HcError) return error.message;
    throw error;
  } finally {
    await rm(images, { recursive: true });
  }
}

test('what CRIU says before it has a log is told', async () => {
  assert.is(await failureOf('echo no memory >&2; exit 1'), 'criu dump failed:\n  no memory');
});

test("the log's reason comes before what CRIU printed", async () => {
  const script = `for word; do case $word in --images-dir=*) cd "\${word#*=}"; esac; done
echo '(00.01) Error (criu/x.c:1): the reason' > dump.log; echo noise >&2; exit 1`;
  assert.is(await failureOf(script), 'criu dump failed:\n  the reason');
});

test('a CRIU that ends without a word is told by its status', async () => {
  assert.is(await failureOf('exit 3'), 'criu dump failed with 3');
});

test.run();
