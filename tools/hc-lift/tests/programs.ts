// SPDX-License-Identifier: GPL-3.0-or-later
// Programs as an ordinary compiler makes them, and lifted; both run here, on aarch64 under user-mode QEMU.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Architecture, muslCompiler, type StaticCompiler } from '@h-containers/debian-packages';
import type { Isa } from '@h-containers/native-toolchain';
import { execa } from 'execa';

export const folder = mkdtempSync(join(tmpdir(), 'hc-lift-test-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

export const sources = fileURLToPath(new URL('programs', import.meta.url));
export const tool = (name: string): string =>
  fileURLToPath(new URL(`../../${name}/dist/cli.js`, import.meta.url));

const made = new Map<string, Promise<string>>();
function once(name: string, make: (path: string) => Promise<unknown>): Promise<string> {
  const path = join(folder, name);
  const known = made.get(name) ?? make(path).then(() => path);
  made.set(name, known);
  return known;
}

const debian: Record<Isa, Architecture> = { 'x86-64': 'amd64', aarch64: 'arm64' };
const compilers = new Map<Isa, Promise<StaticCompiler>>();
function compilerFor(isa: Isa): Promise<StaticCompiler> {
  const known = compilers.get(isa) ?? muslCompiler(debian[isa], join(folder, `musl-${isa}`));
  compilers.set(isa, known);
  return known;
}

/** A static executable of files in tests/programs; stripped, unless a test has to find functions in what is made of it. */
export function native(
  name: string,
  files: readonly string[],
  isa: Isa = 'x86-64',
  { symbols = false } = {},
): Promise<string> {
  return once(`${name}.${isa}`, async (path) => {
    const { compiler, before, after } =
      isa === 'x86-64'
        ? { compiler: 'musl-gcc', before: ['-static', '-no-pie'], after: ['-lm'] }
        : await compilerFor(isa);
    const flags = symbols ? ['-O2'] : ['-O2', '-s'];
    await execa(compiler, [...before, ...flags, '-o', path, ...files, ...after], { cwd: sources });
  });
}

/** The same, position-independent; musl-gcc has no option for that. */
export function positionIndependent(name: string, files: readonly string[], isa: Isa): Promise<string> {
  return once(`${name}.${isa}`, async (path) => {
    const { compiler, before, after } = await muslCompiler(debian[isa], join(folder, `musl-${isa}`), true);
    await execa(compiler, [...before, '-O2', '-s', '-o', path, ...files, ...after], { cwd: sources });
  });
}

/** The bundle of a lifted executable. */
export function bundle(
  executable: string,
  runtime: 'normal' | 'scribble' = 'normal',
  mode: 'registers' | 'state' = 'registers',
): Promise<string> {
  const name = `${executable.replace(`${folder}/`, '')}.${mode}`;
  return once(`${name}.${runtime}`, async (path) => {
    const module = await once(`${name}.bc`, (out) =>
      execa('node', [tool('hc-lift'), '--mode', mode, '--out', out, executable]),
    );
    await execa('node', [tool('hc-compile'), '--in', module, '--out', path, '--runtime', runtime]);
  });
}

/** The command that runs an executable for an ISA on this x86-64 machine. */
export function runs(executable: string, isa: Isa): [string, ...string[]] {
  return isa === 'x86-64' ? [executable] : ['qemu-aarch64-static', executable];
}

/** The same for a bundle's. */
export function command(path: string, isa: Isa): [string, ...string[]] {
  return runs(join(path, isa, 'app'), isa);
}
