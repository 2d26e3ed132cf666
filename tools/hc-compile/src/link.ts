// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from 'node:path';
import { llvm, type NativePaths } from '@h-containers/native-toolchain';
import { buildExecutables, type CodeOptions, type Executables, type Measure } from './executables.ts';
import { libraryDefines, type MergeRequest, merge } from './merge.ts';
import { ProgramFailed } from './run.ts';
import { runtimeSymbols } from './runtime-files.ts';
import { explainUndefined } from './undefined.ts';

/** Links objects, libraries and linker flags, in their order, with libc and runtime. */
export async function link(
  inputs: string[],
  options: CodeOptions & { native: NativePaths; optimise: boolean },
  measure: Measure,
): Promise<Executables> {
  const { native, runtime, optimise, work } = options;
  const { sysroot } = native;
  const symbols = runtimeSymbols(native);
  const request: MergeRequest = {
    ...{ inputs, sysroot, runtime, symbols, optimise, extra: [] },
    output: join(work, 'module.bc'),
  };
  for (;;) {
    request.extra = await measure('merge', () => merge(request));
    try {
      return await buildExecutables(request.output, options, measure);
    } catch (error) {
      request.extra = [...request.extra, ...(await missingInLink(error, request))];
    }
  }
}

/**
 * Code generation may call library functions that no IR did (for an intrinsic without an instruction). Returns those
 * that another merge can add; throws when nothing can.
 */
async function missingInLink(error: unknown, request: MergeRequest): Promise<string[]> {
  if (!(error instanceof ProgramFailed) || error.program !== llvm.lld) throw error;
  const matches = error.stderr.matchAll(/undefined symbol: (\S+)/g);
  const names = [...new Set([...matches].map(([, name = '']) => name))];
  if (names.length === 0) throw error;
  const found = await libraryDefines(names, request);
  if (found.length === 0) throw await explainUndefined(names, request.inputs);
  return found;
}
