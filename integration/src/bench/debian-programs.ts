// SPDX-License-Identifier: GPL-3.0-or-later
// Programs from Debian's source packages, as lists of files: both compilers get the same, and nothing else.
import { cp, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { downloadSource } from '@h-containers/debian-packages';
import { execa } from 'execa';
import glob from 'fast-glob';
import { digestFiles, once } from './once.ts';
import { benchmarks } from './paths.ts';
import type { Source } from './programs.ts';

export async function luaSource(): Promise<Source> {
  const tree = await downloadSource('lua5.4');
  const files = await glob('src/*.c', { cwd: tree, absolute: true, ignore: ['src/luac.c'] });
  // What debian/rules makes: where Debian looks for shared modules.
  const header = '#define DEB_HOST_MULTIARCH "x86_64-linux-gnu"\n';
  const generated = await once('lua-header', [header], (scratch) =>
    writeFile(join(scratch, 'lua5.4-deb-multiarch.h'), header),
  );
  const flags = ['-DLUA_COMPAT_5_3', '-DLUA_USE_POSIX', '-I', generated];
  return { name: 'lua', key: [basename(tree), ...flags], files: files.sort(), flags };
}

const bzip2Parts = [
  'blocksort',
  'huffman',
  'crctable',
  'randtable',
  'compress',
  'decompress',
  'bzlib',
  'bzip2',
];

export async function bzip2Source(): Promise<Source> {
  const tree = await downloadSource('bzip2');
  const flags = ['-D_FILE_OFFSET_BITS=64'];
  const files = bzip2Parts.map((part) => join(tree, `${part}.c`));
  return { name: 'bzip2', key: [basename(tree), ...flags], files, flags };
}

/** The source package has SQLite in many files; its own makefile joins them into sqlite3.c. */
async function sqliteAmalgamation(): Promise<string> {
  const tree = await downloadSource('sqlite3');
  return once('sqlite-amalgamation', [basename(tree)], async (scratch) => {
    const copy = join(scratch, 'tree');
    await cp(tree, copy, { recursive: true });
    await execa('./configure', ['--disable-readline', '--disable-tcl', '--disable-load-extension'], {
      cwd: copy,
    });
    await execa('make', ['sqlite3.c'], { cwd: copy });
    for (const name of ['sqlite3.c', 'sqlite3.h']) await cp(join(copy, name), join(scratch, name));
  });
}

export async function sqliteSource(): Promise<Source> {
  const folder = await sqliteAmalgamation();
  const workload = join(benchmarks, 'sqlite-workload.c');
  const flags = ['-DSQLITE_THREADSAFE=0', '-DSQLITE_OMIT_LOAD_EXTENSION', '-I', folder];
  const key = [await digestFiles([workload]), basename(folder), ...flags];
  return { name: 'sqlite', key, files: [join(folder, 'sqlite3.c'), workload], flags };
}
