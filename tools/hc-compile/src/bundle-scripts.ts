// SPDX-License-Identifier: GPL-3.0-or-later
// Build step: each command becomes one file without dependencies.
import { chmodSync } from 'node:fs';
import { build } from 'esbuild';

const commands = { cli: 'src/cli.ts', 'hc-cc': 'src/hc-cc.ts' };

await build({
  entryPoints: commands,
  outdir: 'dist',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  treeShaking: true,
  // CommonJS dependencies call require() for Node's own modules.
  banner: {
    js: "import { createRequire as hcCreateRequire } from 'node:module'; const require = hcCreateRequire(import.meta.url);",
  },
});
for (const name of Object.keys(commands)) chmodSync(`dist/${name}.js`, 0o755);
