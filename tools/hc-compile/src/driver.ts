// SPDX-License-Identifier: GPL-3.0-or-later
// What hc-cc does in each of its modes.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { llvm, nativePaths } from '@h-containers/native-toolchain';
import { HcError, systemError, usageError } from '@h-containers/tool-kit';
import { type CommandLine, type LinkInput, readCommandLine, type Source } from './command-line.ts';
import { clangArguments, clangFlags, dependencyFlags, outputFor } from './compile-source.ts';
import { addSection } from './elf.ts';
import { unmeasured } from './executables.ts';
import { link } from './link.ts';
import { ProgramFailed, run, runOrFail, showCommands } from './run.ts';
import { runtimeFiles } from './runtime-files.ts';
import { refuseMachineCode } from './undefined.ts';

/** Where hc-compile finds the program as bitcode. */
export const bitcodeSection = '.hc.bitcode';

const native = nativePaths();

export async function compileAndLink(words: readonly string[]): Promise<number> {
  const line = readCommandLine(words);
  for (const warning of line.warnings) process.stderr.write(`hc-cc: warning: ${warning}\n`);
  if (line.verbose) showCommands();
  if (!existsSync(join(native.sysroot, 'lib', 'libc.a'))) {
    throw new HcError(`the C library is not built: ${native.sysroot} is missing`, {
      hint: 'npx nx build hc-compile',
    });
  }
  return handlers[line.mode](line);
}

const handlers: Record<CommandLine['mode'], (line: CommandLine) => Promise<number>> = {
  query: async (line) =>
    (await run(llvm.clang, [...clangFlags(native.sysroot), ...line.words], 'inherit')).code,
  preprocess: compileEach,
  check: compileEach,
  assembly: compileEach,
  object: compileEach,
  combine: (line) => inTemporaryFolder((folder) => combine(line, folder)),
  link: (line) => inTemporaryFolder((folder) => linkProgram(line, folder)),
};

function sourcesOf(line: CommandLine): Source[] {
  return line.inputs.flatMap((input) => ('source' in input ? input.source : []));
}

async function compile(line: CommandLine, source: Source, output: string | undefined, more: string[] = []) {
  const args = [...clangArguments(line, source, native.sysroot, output), ...more];
  return (await run(llvm.clang, args, 'inherit')).code;
}

async function compileEach(line: CommandLine): Promise<number> {
  const sources = sourcesOf(line);
  if (line.output !== undefined && sources.length > 1) {
    throw usageError(`-o ${line.output} names one result, but there are ${sources.length} sources`);
  }
  let code = 0;
  for (const source of sources) code ||= await compile(line, source, outputFor(line, source));
  return code;
}

/** Sources become objects in `folder`; everything else stays what and where it is. */
async function linkerInputs(line: CommandLine, folder: string): Promise<string[] | undefined> {
  const inputs: string[] = [];
  const place = async (input: LinkInput): Promise<boolean> => {
    if ('flags' in input) inputs.push(...input.flags);
    else if ('file' in input) {
      refuseMachineCode(input.file);
      inputs.push(input.file);
    } else {
      const object = join(folder, `${inputs.length}.o`);
      inputs.push(object);
      return (await compile(line, input.source, object, dependencyFlags(line, input.source))) === 0;
    }
    return true;
  };
  for (const input of line.inputs) if (!(await place(input))) return undefined;
  return inputs;
}

async function combine(line: CommandLine, folder: string): Promise<number> {
  const inputs = await linkerInputs(line, folder);
  if (!inputs) return 1;
  const files = inputs.filter((input) => !input.startsWith('-'));
  await runOrFail(llvm.link, [...files, '-o', line.output ?? 'a.out']);
  return 0;
}

async function linkProgram(line: CommandLine, work: string): Promise<number> {
  const inputs = await linkerInputs(line, work);
  if (!inputs) return 1;
  const { codegen } = native;
  const { paths, module } = await link(
    inputs,
    {
      ...{ native, codegen, work, isas: ['x86-64'], points: 'loops' },
      runtime: runtimeFiles(native, 'normal'),
      optimise: line.optimise !== '-O0',
    },
    unmeasured,
  );
  const app = paths['x86-64'];
  if (app === undefined) throw new ProgramFailed(codegen, '');
  writeProgram(line.output ?? 'a.out', addSection(readFileSync(app), bitcodeSection, readFileSync(module)));
  return 0;
}

/** A running copy of the old program must not be written to, and a link must not be followed. */
function writeProgram(path: string, bytes: Buffer): void {
  const special = path.startsWith('/dev/');
  try {
    if (!special) rmSync(path, { force: true });
    writeFileSync(path, bytes);
    if (!special) chmodSync(path, 0o777 & ~process.umask());
  } catch (error) {
    throw systemError(error, path);
  }
}

async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hc-cc-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
