// SPDX-License-Identifier: 0BSD
// Builds test programs with hc-cc and hc-compile, and runs them: aarch64 under user-mode QEMU.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRoot, type Isa } from '@h-containers/native-toolchain';
import { execa } from 'execa';

const root = findRoot();
const tool = (name: string) => join(root, 'tools', 'hc-compile', 'dist', `${name}.js`);
export const sources = join(root, 'native', 'runtime', 'tests', 'programs');

/** One folder for all programs of a test file, removed at its end. */
export const folder = mkdtempSync(join(tmpdir(), 'hc-runtime-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const builds = new Map<string, Promise<string>>();

/** The bundle of tests/programs/<name>.c, made once. */
export function bundle(name: string, runtime: 'normal' | 'scribble' = 'normal'): Promise<string> {
  const out = join(folder, `${name}.${runtime}`);
  const make = async () => {
    const linked = `${out}.linked`;
    await execa(tool('hc-cc'), [
      '-O2',
      '-Wall',
      '-Wno-atomic-alignment',
      join(sources, `${name}.c`),
      '-o',
      linked,
    ]);
    await execa(tool('cli'), ['--in', linked, '--out', out, '--runtime', runtime]);
    return out;
  };
  const known = builds.get(out) ?? make();
  builds.set(out, known);
  return known;
}

/** The command that runs a bundle's executable for an ISA here. */
export function command(path: string, isa: Isa): [string, ...string[]] {
  const app = join(path, isa, 'app');
  return isa === 'x86-64' && process.arch === 'x64'
    ? [app]
    : [`qemu-${isa === 'aarch64' ? 'aarch64' : 'x86_64'}-static`, app];
}
