// SPDX-License-Identifier: GPL-3.0-or-later
// All bitcode of a program -> one optimised module. ld.lld resolves symbols and archives as for any link, and stops
// where it would generate code (--lto-emit-llvm).
import { join } from 'node:path';
import { llvm } from '@h-containers/native-toolchain';
import { ProgramFailed, run, runOrFail } from './run.ts';
import type { RuntimeFiles, RuntimeSymbols } from './runtime-files.ts';
import { libcallNames, suppliedByCompiler } from './symbol-table.ts';
import { explainUndefined } from './undefined.ts';

export interface MergeRequest {
  /** Objects, libraries and linker flags in the user's order. */
  inputs: string[];
  sysroot: string;
  runtime: RuntimeFiles;
  symbols: RuntimeSymbols;
  /** Symbols to link and keep besides, found missing in an earlier try. */
  extra: readonly string[];
  optimise: boolean;
  output: string;
}

/**
 * First drop what nobody needs, so that the optimiser never sees it: ld.lld brings in every function that code generation
 * might call by itself (all of libm) and keeps it visible.
 */
function pipeline(keep: readonly string[], optimise: boolean): string {
  const preserved = keep.map((name) => `preserve-gv=${name}`).join(';');
  const first = `internalize<${preserved}>,globaldce`;
  return optimise ? `${first},lto<O2>` : `${first},always-inline,globaldce`;
}

export function mergeArguments(request: MergeRequest): string[] {
  const { inputs, sysroot, runtime, symbols, extra, optimise, output } = request;
  const keep = [...new Set([...symbols.needed, ...libcallNames, ...extra])];
  return [
    '-static',
    '--lto-emit-llvm',
    `--lto-newpm-passes=${pipeline(keep, optimise)}`,
    '-e',
    '_start',
    ...[...symbols.needed, ...extra].flatMap((name) => ['-u', name]),
    '-o',
    output,
    // Machine code takes part in symbol resolution only: what it needs is linked, what it defines is not looked for.
    ...runtime.objects['x86-64'],
    ...inputs,
    '-L',
    join(sysroot, 'lib'),
    '--start-group',
    runtime.common,
    join(sysroot, 'lib', 'libc.a'),
    '--end-group',
  ];
}

/** Symbols of the module that nothing defines. Weak ones may stay so: they become null. */
async function undefinedSymbols(module: string, symbols: RuntimeSymbols): Promise<string[]> {
  const { stdout } = await runOrFail(llvm.nm, ['--undefined-only', '--format=posix', module]);
  const names = [...stdout.matchAll(/^(\S+) U\b/gm)].map(([, name = '']) => name);
  return names.filter((name) => !symbols.provided.has(name) && !suppliedByCompiler.test(name));
}

/** Optimisation may call library functions that no source did (printf -> puts): then once more, with these. */
const maxTries = 4;

export async function merge(request: MergeRequest): Promise<readonly string[]> {
  let extra = request.extra;
  for (let left = maxTries; ; left--) {
    const args = mergeArguments({ ...request, extra });
    const { code, stderr } = await run(llvm.lld, args);
    if (stderr !== '' && code === 0) process.stderr.write(stderr);
    if (code !== 0) throw new ProgramFailed(llvm.lld, stderr);
    const missing = await undefinedSymbols(request.output, request.symbols);
    if (missing.length === 0) return extra;
    const found = await libraryDefines(missing, request);
    if (found.length === 0 || left <= 1) throw await explainUndefined(missing, args);
    extra = [...extra, ...found];
  }
}

/** Which of `names` libc or the common runtime define, so that another try can help. */
export async function libraryDefines(
  names: readonly string[],
  { sysroot, runtime, extra }: Pick<MergeRequest, 'sysroot' | 'runtime' | 'extra'>,
): Promise<string[]> {
  const archives = [join(sysroot, 'lib', 'libc.a'), runtime.common];
  const { stdout } = await runOrFail(llvm.nm, [
    '--defined-only',
    '--extern-only',
    '--format=posix',
    ...archives,
  ]);
  const defined = new Set([...stdout.matchAll(/^(\S+) [TWDBVRC]\b/gm)].map(([, name]) => name));
  return names.filter((name) => defined.has(name) && !extra.includes(name));
}
