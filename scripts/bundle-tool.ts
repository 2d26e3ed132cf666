// SPDX-License-Identifier: GPL-3.0-or-later
// node --import tsx scripts/bundle-tool.ts tools/hc-x: src/cli.ts with all it imports as dist/cli.js, one file that Node 20
// runs anywhere, and next to it the addons that it loads.
import { chmod, copyFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const top = fileURLToPath(new URL('..', import.meta.url));

/** Module that loads an addon or runs a script -> files it looks for next to itself. */
const ADDONS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'libs/processes/src/native.ts': {
    'signals-x64.node': 'native/signals/build/signals-x64.node',
    'signals-arm64.node': 'native/signals/build/signals-arm64.node',
  },
  'tools/hc-dump/src/hand-over.ts': { 'hand-over': 'tools/hc-dump/src/hand-over' },
  'libs/transform/src/native.ts': {
    'hc-transform-x86-64.node': 'native/transform/build/x86-64/hc-transform.node',
    'hc-transform-aarch64.node': 'native/transform/build/aarch64/hc-transform.node',
  },
};

const BANNER = `#!/usr/bin/env node
const hcModuleUrl = require('node:url').pathToFileURL(__filename).href;`;

async function bundle(tool: string): Promise<void> {
  const dist = join(resolve(tool), 'dist');
  await rm(dist, { recursive: true, force: true });
  await mkdir(dist, { recursive: true });
  const output = join(dist, 'cli.js');
  const { metafile } = await build({
    entryPoints: [join(resolve(tool), 'src/cli.ts')],
    outfile: output,
    absWorkingDir: top,
    bundle: true,
    platform: 'node',
    // Node starts a CommonJS module in less time than an ES module, and a short one in less than one with comments.
    format: 'cjs',
    minifySyntax: true,
    minifyWhitespace: true,
    target: 'node20',
    banner: { js: BANNER },
    define: { 'import.meta.url': 'hcModuleUrl' },
    metafile: true,
    logLevel: 'warning',
  });
  await chmod(output, 0o755);
  await writeFile(join(dist, 'package.json'), '{"type":"commonjs"}\n');
  const used = Object.values(metafile.outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) => (bytesInOutput > 0 ? [path] : [])),
  );
  for (const path of used)
    for (const [name, file] of Object.entries(ADDONS[path] ?? {}))
      await copyFile(join(top, file), join(dist, name));
}

const [tool] = process.argv.slice(2);
if (tool === undefined) {
  console.error(`usage: ${basename(import.meta.url)} tools/hc-x`);
  process.exit(2);
}
await bundle(tool);
