// SPDX-License-Identifier: GPL-3.0-or-later
// Programs whose source nobody needs: built by an ordinary compiler, stripped, lifted. The executable itself is the reference.
import { createHash } from 'node:crypto';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { muslCompiler } from '@h-containers/debian-packages';
import { execa } from 'execa';
import glob from 'fast-glob';
import { type Program, type Runtime, toolchainKey } from './build.ts';
import { once } from './once.ts';
import { top } from './paths.ts';
import { type ServerName, servers } from './servers.ts';

/** Compilers that make static executables; all are installed with scripts/packages.txt. */
const local = {
  musl: ['musl-gcc', '-O2'],
  glibc: ['gcc', '-O2'],
  clang: ['clang-19', '-O3'],
  'c++': ['g++', '-O2'],
} as const;
/** The last makes aarch64 executables, with Debian's musl for that. */
export type NativeCompiler = keyof typeof local | 'aarch64-musl';

const tool = (name: string) => join(top, 'tools', name, 'dist/cli.js');

async function lifterKey(): Promise<string> {
  const hash = createHash('sha256').update(await toolchainKey());
  for (const file of [
    'native/lift/build/hc-lift',
    'native/runtime/build/lift-x86-64.bc',
    'native/runtime/build/lift-aarch64.bc',
    'tools/hc-lift/dist/cli.js',
  ]) {
    hash.update(await readFile(join(top, file)));
  }
  return hash.digest('hex');
}

/** An executable as a bundle. */
export async function liftExecutable(
  name: string,
  executable: string,
  runtime: Runtime = 'normal',
): Promise<Program> {
  const key = [await lifterKey(), (await readFile(executable)).toString('base64')];
  const lifted = await once(`${name}-lifted`, key, async (folder) => {
    await execa('node', [tool('hc-lift'), '--quiet', '--out', join(folder, 'module.bc'), executable]);
  });
  const made = await once(`${name}-lifted-${runtime}`, key, async (folder) => {
    const files = ['--in', join(lifted, 'module.bc'), '--out', join(folder, 'bundle')];
    await execa('node', [tool('hc-compile'), '--quiet', '--runtime', runtime, ...files], { stdin: 'ignore' });
  });
  return { name: `${name}-lifted`, bundle: join(made, 'bundle'), reference: executable };
}

async function compile(compiler: NativeCompiler, path: string, folder: string): Promise<void> {
  const common = ['-s', '-w', '-o', join(folder, 'app'), path];
  if (compiler === 'aarch64-musl') {
    const { compiler: cc, before, after } = await muslCompiler('arm64', join(folder, 'musl'));
    await execa(cc, [...before, '-O2', ...common, ...after], { stdin: 'ignore' });
    const script = '#!/bin/sh\nexec qemu-aarch64-static "$(dirname "$0")/app" "$@"\n';
    await writeFile(join(folder, 'reference'), script, { mode: 0o755 });
  } else {
    const [cc, ...flags] = local[compiler];
    await execa(cc, [...flags, '-static', '-no-pie', ...common, '-lm'], { stdin: 'ignore' });
    await symlink('app', join(folder, 'reference'));
  }
}

/** A server as its makefiles build it with musl's compiler: static, stripped; lifted. */
export async function liftServer(name: ServerName, runtime: Runtime = 'normal'): Promise<Program> {
  const recipe = await servers[name].recipe();
  const compiler = { cc: 'musl-gcc -static -no-pie -s', env: {} };
  const built = await once(`${name}-musl`, [...recipe.key, compiler.cc], (folder) =>
    recipe.build(folder, compiler),
  );
  return liftExecutable(name, join(built, 'app'), runtime);
}

/** A program of one C or C++ file: compiled, stripped, lifted. */
export async function liftSource(
  path: string,
  compiler: NativeCompiler,
  runtime: Runtime = 'normal',
): Promise<Program> {
  const name = `${basename(path, extname(path))}-${compiler}`;
  // Its own and those of the folders beside it.
  const headers = await glob('*/*.h', { cwd: dirname(dirname(path)), absolute: true });
  const key = await Promise.all([path, ...headers.sort()].map((file) => readFile(file, 'utf8')));
  const built = await once(`${name}-original`, key, (folder) => compile(compiler, path, folder));
  const program = await liftExecutable(name, join(built, 'app'), runtime);
  return { ...program, reference: join(built, 'reference') };
}
