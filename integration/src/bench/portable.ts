// SPDX-License-Identifier: GPL-3.0-or-later
// The same sources by hc-cc and hc-compile.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Points } from '@h-containers/bundle';
import { bitcodeSection } from '@h-containers/hc-compile/src/driver.ts';
import { sectionBytes } from '@h-containers/hc-compile/src/elf.ts';
import { buildExecutables, unmeasured } from '@h-containers/hc-compile/src/executables.ts';
import { runtimeFiles } from '@h-containers/hc-compile/src/runtime-files.ts';
import { type Isa, nativePaths } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { top } from '../paths.ts';
import { digestFiles, once } from './once.ts';
import type { Source } from './programs.ts';

const native = nativePaths();
const hcCc = join(top, 'tools/hc-compile/dist/hc-cc.js');

export interface PortableOptions {
  points: Points;
  /** Path of an hc-codegen other than the project's own. */
  codegen: string | undefined;
  isas: readonly Isa[];
}

/** Compiles and links; returns the program as one optimised module. */
async function buildModule({ name, key, files, flags }: Source): Promise<string> {
  const { common, objects } = runtimeFiles(native, 'normal');
  const tools = [hcCc, join(native.sysroot, 'lib/libc.a'), common, ...objects['x86-64'], ...objects.aarch64];
  const folder = await once(`${name}-module`, [await digestFiles(tools), ...key], async (scratch) => {
    const program = join(scratch, 'program');
    await execa('node', [hcCc, '-O2', ...flags, ...files, '-lm', '-o', program], { stdin: 'ignore' });
    const module = sectionBytes(await readFile(program), bitcodeSection);
    if (!module) throw new Error(`${program} carries no bitcode`);
    await writeFile(join(scratch, 'module.bc'), module);
  });
  return join(folder, 'module.bc');
}

/** Returns the executable for x86-64. */
export async function buildPortable(
  source: Source,
  { points, codegen = native.codegen, isas }: PortableOptions,
): Promise<string> {
  const module = await buildModule(source);
  const tools = [module, codegen, join(top, 'tools/hc-compile/src/executables.ts')];
  const parts = [await digestFiles(tools), points, ...isas];
  const folder = await once(`${source.name}-${points}`, parts, async (work) => {
    const runtime = runtimeFiles(native, 'normal');
    await buildExecutables(module, { points, isas, runtime, codegen, work }, unmeasured);
  });
  return join(folder, 'x86-64', 'app');
}
