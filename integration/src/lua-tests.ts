// SPDX-License-Identifier: GPL-3.0-or-later
// Lua's official tests, those of Lua 5.1: Debian has them within the source of a package in another language, whose authors
// changed them a little. `lua5.1` of Debian is what they run on.
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadSource, downloadUpstream } from '@h-containers/debian-packages';
import { execa } from 'execa';
import { type Compiler, type Recipe, sourceTree } from './build.ts';
import { once } from './once.ts';

/** Debian's makefile uses libtool to make shared libraries: upstream's own is in the patch that Debian applied. */
export async function luaRecipe(): Promise<Recipe> {
  return sourceTree(
    'lua5.1',
    await downloadSource('lua5.1'),
    [
      { command: () => ['patch', '-R', '-p1', '-i', 'debian/patches/0001-debian_make.patch'] },
      // What debian/rules makes.
      {
        command: () => ['tee', 'src/lua5.1-deb-multiarch.h'],
        input: '#define DEB_HOST_MULTIARCH "x86_64-linux-gnu"\n',
      },
      { command: (cc) => ['make', `CC=${cc}`, 'posix'] },
    ],
    'src/lua',
  );
}

/** With the C library that hc-cc brings, by another compiler: what fails here fails because of musl, or of 64 bits. */
export const muslCompiler: Compiler = { cc: 'musl-gcc -static', env: {} };

interface Edit {
  file: string;
  from: RegExp;
  to: string;
}

/** Without these no Lua 5.1 passes: where it is said, on no 64-bit machine, or with no musl. */
const edits: Edit[] = [
  // Not Lua 5.1's grammar: the package's own change.
  { file: 'pm.lua', from: /do; table/, to: 'do table' },
  // 64 bits: strings of 4 GiB are no overflow, negative numbers in another base become 2^64 - n.
  { file: 'big.lua', from: /^[\s\S]*?(?=require "checktable")/, to: '' },
  { file: 'math.lua', from: /^assert\(tonumber\('(\\n {2}-10|-fFfa|-fffff).*$/gm, to: '' },
  // musl: every name of a locale is accepted, and all are alike.
  { file: 'strings.lua', from: /local locales = .*/, to: 'local locales = {}' },
  { file: 'literals.lua', from: /os\.setlocale\("pt_BR"\) or os\.setlocale\("ptb"\)/, to: 'false' },
];

async function prepare(folder: string): Promise<void> {
  const package_ = await downloadUpstream('golang-github-yuin-gopher-lua');
  await cp(join(package_, '_lua5.1-tests'), folder, { recursive: true });
  for (const { file, from, to } of edits) {
    const path = join(folder, file);
    const text = await readFile(path, 'latin1');
    if (text.search(from) < 0) throw new Error(`${file} of Lua's tests does not hold ${from}`);
    await writeFile(path, text.replace(from, to), 'latin1');
  }
  await mkdir(join(folder, 'libs/P1'), { recursive: true });
}

export interface LuaTestsResult {
  /** Whether the last line says that all passed, and the program ended well. */
  passed: boolean;
  output: string;
}

/** `command` in a folder of its own: the tests start the program again by the name it has, from there. */
export async function runLuaTests(
  folder: string,
  command: string[],
  env: Record<string, string> = {},
): Promise<LuaTestsResult> {
  const key = edits.map(({ file, from, to }) => `${file} ${from} ${to}`);
  await cp(await once('lua-tests', key, prepare), folder, { recursive: true });
  // Under QEMU, too, the program is then one file with one name.
  await writeFile(join(folder, 'lua'), `#!/bin/sh\nexec ${command.join(' ')} "$@"\n`, { mode: 0o755 });
  const { all, exitCode } = await execa('./lua', ['all.lua'], {
    cwd: folder,
    env: { ...env, LUA_PATH: '?;./?.lua', LUA_INIT: "package.path = '?;'..package.path" },
    stdin: 'ignore',
    all: true,
    reject: false,
    timeout: 300_000,
    encoding: 'latin1',
  });
  const output = String(all);
  return { passed: exitCode === 0 && output.includes('\nfinal OK !!!\n'), output };
}
