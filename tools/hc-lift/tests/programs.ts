// SPDX-License-Identifier: GPL-3.0-or-later
// Programs as an ordinary compiler makes them, and lifted; both run here, on aarch64 under user-mode QEMU.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

/** A stripped static executable of files in tests/programs. */
export function native(name: string, files: readonly string[], compiler = 'musl-gcc'): Promise<string> {
  return once(name, (path) =>
    execa(compiler, ['-O2', '-static', '-no-pie', '-s', '-o', path, ...files, '-lm'], { cwd: sources }),
  );
}

/** The same, position-independent; musl-gcc has no option for that. */
export function positionIndependent(name: string, files: readonly string[]): Promise<string> {
  const start = (file: string) => `/usr/lib/x86_64-linux-musl/${file}`;
  const begin = ['-nostartfiles', '-Wl,-pie,--no-dynamic-linker', start('rcrt1.o'), start('crti.o')];
  return once(name, (path) =>
    execa(
      'musl-gcc',
      ['-O2', '-fPIE', '-static', '-s', ...begin, '-o', path, ...files, start('crtn.o'), '-lm'],
      { cwd: sources },
    ),
  );
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

/** The command that runs a bundle's executable for an ISA on this x86-64 machine. */
export function command(path: string, isa: Isa): [string, ...string[]] {
  const app = join(path, isa, 'app');
  return isa === 'x86-64' ? [app] : ['qemu-aarch64-static', app];
}
