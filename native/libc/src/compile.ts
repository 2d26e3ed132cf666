// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { llvm, portableFlags } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import glob from 'fast-glob';

/** musl's own choice of language and warnings, without those that only matter to machine code. */
const languageFlags = [
  '-std=c99',
  '-nostdinc',
  '-ffreestanding',
  '-D_XOPEN_SOURCE=700',
  '-O2',
  '-fno-strict-aliasing',
  '-fno-math-errno',
  '-w',
];

/** Libraries that are part of libc.a in musl; empty archives keep `-lm` and the like working. */
const emptyLibraries = ['m', 'rt', 'pthread', 'crypt', 'util', 'xnet', 'resolv', 'dl'];

/** The files of libc.a, in a fixed order. Start-up files (crt/) and the loader (ldso/) are not among them. */
export async function librarySources(tree: string): Promise<string[]> {
  return (await glob(['src/*/*.c', 'src/malloc/mallocng/*.c'], { cwd: tree })).sort();
}

/** Archive members are flat and must be unique: src/malloc/free.c -> malloc.free.o */
export function memberName(source: string): string {
  return source
    .replace(/^src\//, '')
    .replace(/\.c$/, '.o')
    .replaceAll('/', '.');
}

/** Runs `work` on every item, a few at a time, and stops at the first failure. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lane = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
}

/** Compiles libc.a from `tree` against the headers in `sysroot`; paths in the bitcode are relative to the tree. */
export async function compileLibrary(
  tree: string,
  objects: string,
  sysroot: string,
  ownFlags: Record<string, string[]>,
): Promise<number> {
  const sources = await librarySources(tree);
  const library = join(sysroot, 'lib');
  await rm(objects, { recursive: true, force: true });
  await mkdir(objects, { recursive: true });
  await mkdir(library, { recursive: true });

  const include = ['arch/hc', 'arch/generic', 'src/include', 'src/internal', join(sysroot, 'include')];
  const flags = [...portableFlags, ...languageFlags, ...include.map((folder) => `-I${folder}`)];
  await inParallel(sources, async (source) => {
    const own = ownFlags[source] ?? [];
    await execa(llvm.clang, [...flags, ...own, '-c', source, '-o', join(objects, memberName(source))], {
      cwd: tree,
      stderr: 'inherit',
    });
  });

  const archive = join(library, 'libc.a');
  const list = join(objects, 'members');
  await writeFile(list, sources.map(memberName).join('\n'));
  await rm(archive, { force: true });
  await execa(llvm.ar, ['rcsD', archive, `@${list}`], { cwd: objects });
  for (const name of emptyLibraries) {
    const path = join(library, `lib${name}.a`);
    await rm(path, { force: true });
    await execa(llvm.ar, ['rcsD', path]);
  }
  return sources.length;
}
