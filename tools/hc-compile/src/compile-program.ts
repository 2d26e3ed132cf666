// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Points } from '@h-containers/bundle';
import { isas, nativePaths } from '@h-containers/native-toolchain';
import { HcError, systemError, VERSION } from '@h-containers/tool-kit';
import { bundleMembers, type Member } from './bundle-members.ts';
import { bitcodeSection } from './driver.ts';
import { BrokenElf, isBitcode, isElf, sectionBytes } from './elf.ts';
import { buildExecutables, type Measure } from './executables.ts';
import { link } from './link.ts';
import { runOrFail } from './run.ts';
import { type Runtime, runtimeFiles } from './runtime-files.ts';

export interface CompileRequest {
  program: Buffer;
  /** For messages: the file's name, or "standard input". */
  from: string;
  points: Points;
  runtime: Runtime;
  measure: Measure;
}

/** A linked program or bitcode -> the files of its bundle. */
export async function compileProgram(request: CompileRequest): Promise<Member[]> {
  const { program, from, points, runtime, measure } = request;
  const native = nativePaths();
  const work = await mkdtemp(join(tmpdir(), 'hc-compile-'));
  try {
    const options = {
      ...{ points, isas, work, native, codegen: native.codegen, optimise: true },
      runtime: runtimeFiles(native, runtime),
    };
    const linked = linkedModule(program, from);
    const input = join(work, linked ? 'module.bc' : 'input.bc');
    await writeFile(input, linked ?? program);
    const built = linked
      ? await buildExecutables(input, options, measure)
      : await link([input], options, measure);
    const { stdout } = await runOrFail(native.codegen, ['--version']);
    const llvm = /LLVM version (\S+)/.exec(stdout)?.[1] ?? 'unknown';
    return bundleMembers(built, { points, runtime, versions: { 'hc-compile': VERSION, llvm } });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** The module that hc-cc has linked; undefined for bitcode, which still needs its libraries. */
function linkedModule(program: Buffer, from: string): Buffer | undefined {
  if (isBitcode(program)) return undefined;
  if (!isElf(program)) {
    throw new HcError(`${from} is neither an executable nor LLVM bitcode`, {
      hint: 'give it what hc-cc linked, or bitcode from hc-cc -c; C source is compiled by hc-cc',
    });
  }
  const module = bitcodeOf(program, from);
  if (module) return module;
  throw new HcError(`${from} carries no bitcode (section ${bitcodeSection})`, {
    hint: 'link it with hc-cc, and do not strip the section',
  });
}

function bitcodeOf(program: Buffer, from: string): Buffer | undefined {
  try {
    return sectionBytes(program, bitcodeSection);
  } catch (error) {
    if (!(error instanceof BrokenElf)) throw error;
    throw new HcError(`${from} is not a whole executable: ${error.message}`, {
      hint: 'copy or link it again',
    });
  }
}

export async function readInput(path: string | undefined): Promise<Buffer> {
  try {
    if (path !== undefined) return await readFile(path);
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    throw systemError(error, path ?? 'standard input');
  }
}
