// SPDX-License-Identifier: GPL-3.0-or-later
// Programs for the guests: each as a bundle, and as an ordinary build by plain clang with the machine's own libc, whose
// output is the reference. Kept in the cache under a hash of all that goes in.
import { createHash } from 'node:crypto';
import { cp, readFile, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { execa } from 'execa';
import glob from 'fast-glob';
import { once } from './once.ts';
import { top } from './paths.ts';

export interface Program {
  name: string;
  /** Folder with x86-64/app, aarch64/app, sites.bin. */
  bundle: string;
  /** The ordinary executable. */
  reference: string;
}

export type Runtime = 'normal' | 'scribble';

/** One of the two builds: `cc` is the compiler, `path` has to come first in PATH for it. */
export interface Compiler {
  cc: string;
  env: Record<string, string>;
}

/** How a program is made from a folder: `build` runs in a copy of it once per compiler and tells where the executable is. */
export interface Recipe {
  name: string;
  /** What the result depends on besides the tool chain, as text. */
  key: string[];
  /** Leaves the executable `app` in `folder`, which is empty before. */
  build(folder: string, compiler: Compiler): Promise<void>;
}

const hcCompile = join(top, 'tools/hc-compile');

const portable: Compiler = {
  cc: 'hc-cc',
  env: { PATH: `${join(hcCompile, 'bin')}:${process.env.PATH}` },
};
const ordinary: Compiler = { cc: 'clang-19', env: {} };

/** Everything that makes bundles; the cached result of a build is good as long as this stays the same. */
async function hashToolchain(): Promise<string> {
  // Set to any text by who works on the tool chain and does not want all programs built anew.
  if (process.env.HC_TOOLCHAIN) return process.env.HC_TOOLCHAIN;
  const files = await glob(
    [
      'tools/hc-compile/dist/*.js',
      'native/codegen/build/hc-codegen',
      'native/runtime/build/**/*.{o,a}',
      '.cache/sysroot/**',
    ],
    { cwd: top, dot: true },
  );
  if (!files.some((file) => file.endsWith('hc-codegen'))) {
    throw new Error('hc-compile is not built: npm run build');
  }
  const hash = createHash('sha256');
  for (const file of files.sort()) hash.update(file).update(await readFile(join(top, file)));
  return hash.digest('hex');
}

let toolchain: Promise<string> | undefined;

export function toolchainKey(): Promise<string> {
  toolchain ??= hashToolchain();
  return toolchain;
}

/** Builds both ways, in parallel. */
export async function buildProgram(recipe: Recipe, runtime: Runtime = 'normal'): Promise<Program> {
  const key = [await toolchainKey(), ...recipe.key];
  const [bundle, reference] = await Promise.all([buildBundle(recipe, key, runtime), buildOrdinary(recipe)]);
  return { name: recipe.name, bundle, reference };
}

/** The ordinary executable only; by clang with the machine's own libc if nothing else is said. */
export async function buildOrdinary(recipe: Recipe, compiler = ordinary): Promise<string> {
  const folder = await once(`${recipe.name}-reference`, [compiler.cc, ...recipe.key], (scratch) =>
    recipe.build(scratch, compiler),
  );
  return join(folder, 'app');
}

async function buildBundle(recipe: Recipe, key: string[], runtime: Runtime): Promise<string> {
  // The linked program serves both runtimes.
  const linked = await once(`${recipe.name}-linked`, key, (folder) => recipe.build(folder, portable));
  return once(`${recipe.name}-${runtime}`, key, async (folder) => {
    await execa(
      'node',
      [
        join(hcCompile, 'dist/cli.js'),
        ...['--runtime', runtime, '--in', join(linked, 'app'), '--out', join(folder, 'bundle'), '--quiet'],
      ],
      { stdin: 'ignore' },
    );
  }).then((folder) => join(folder, 'bundle'));
}

/** A program of one C file. */
export async function cProgram(path: string): Promise<Recipe> {
  // Its own and those of the folders beside it.
  const headers = await glob('*/*.h', { cwd: dirname(dirname(path)), absolute: true });
  const key = await Promise.all([path, ...headers.sort()].map((file) => readFile(file, 'utf8')));
  return {
    name: basename(path, '.c'),
    key,
    async build(folder, { cc, env }) {
      await execa(cc, ['-O2', '-o', join(folder, 'app'), path, '-lm'], { env, stdin: 'ignore' });
    },
  };
}

/** For GNU make. */
const parallel = { MAKEFLAGS: `-j${availableParallelism()}` };

/** A program built by its own makefiles in a copy of its source tree. */
export function sourceTree(
  name: string,
  tree: string,
  steps: { command: (cc: string) => string[]; input?: string }[],
  executable: string,
): Recipe {
  return {
    name,
    key: [tree, executable, JSON.stringify(steps.map((step) => [step.command('CC'), step.input]))],
    async build(folder, { cc, env }) {
      const copy = join(folder, 'tree');
      // With its times: makefiles go by them.
      await cp(tree, copy, { recursive: true, preserveTimestamps: true });
      for (const { command, input = '' } of steps) {
        const [program = '', ...args] = command(cc);
        await execa(program, args, { cwd: copy, env: { ...env, ...parallel }, input, maxBuffer: 1 << 28 });
      }
      await rename(join(copy, executable), join(folder, 'app'));
      await rm(copy, { recursive: true });
    },
  };
}
