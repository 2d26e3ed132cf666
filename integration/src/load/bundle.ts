// SPDX-License-Identifier: GPL-3.0-or-later
// The load client as one script without dependencies, for a machine that has Node 20 and nothing of ours.
import { join } from 'node:path';
import { build } from 'esbuild';
import { cache, top } from '../paths.ts';

const script = join(cache, 'load', 'load.mjs');

export async function bundleLoadClient(): Promise<string> {
  await build({
    entryPoints: [join(top, 'integration/src/load/client.ts')],
    outfile: script,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'warning',
  });
  return script;
}
