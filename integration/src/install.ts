// SPDX-License-Identifier: GPL-3.0-or-later
// Installs the tools in a guest as a user would: bundles in /usr/local/lib/hc, commands in /usr/local/bin. They are
// pushed at start, so that a change of a tool needs no new image.
import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import glob from 'fast-glob';
import type { Guest } from './guest.ts';
import { runs, tools } from './paths.ts';

const library = '/usr/local/lib/hc';

/** What V8 compiles QEMU has to translate once more: interpreted, a tool is through with its work earlier. */
const emulated = '--jitless --no-expose-wasm';

/** A folder with what goes to /usr/local: `lib/hc/<tool>/*` and `bin/<tool>`. */
async function stage(folder: string): Promise<string[]> {
  const bundles = await glob('*/dist/cli.js', { cwd: tools });
  const names = bundles.map((path) => basename(dirname(dirname(path)))).sort();
  await mkdir(join(folder, 'bin'), { recursive: true });
  for (const name of names) {
    const dist = join(tools, name, 'dist');
    const target = join(folder, 'lib/hc', name);
    for (const file of await glob('**/*', { cwd: dist })) {
      await mkdir(dirname(join(target, file)), { recursive: true });
      await copyFile(join(dist, file), join(target, file));
    }
    const command = join(folder, 'bin', name);
    await writeFile(command, `#!/bin/sh\nexec node ${emulated} ${library}/${name}/cli.js "$@"\n`);
    await chmod(command, 0o755);
  }
  return names;
}

/** Installs every tool that has been built; returns their names. */
export async function installTools(guests: Guest[]): Promise<string[]> {
  await mkdir(runs, { recursive: true });
  const folder = await mkdtemp(join(runs, 'tools-'));
  try {
    const names = await stage(folder);
    await Promise.all(guests.map((guest) => guest.put(folder, '/usr/local')));
    return names;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
