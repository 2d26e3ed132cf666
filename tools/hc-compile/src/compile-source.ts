// SPDX-License-Identifier: GPL-3.0-or-later
import { basename, join } from 'node:path';
import { llvm, portableFlags } from '@h-containers/native-toolchain';
import { usageError } from '@h-containers/tool-kit';
import type { CommandLine, Mode, Source } from './command-line.ts';

/** How clang is told to stop where hc-cc's mode stops; -E and -M are among the user's own flags. */
const modeFlags: Partial<Record<Mode, string[]>> = {
  object: ['-c'],
  link: ['-c'],
  combine: ['-c'],
  assembly: ['-S'],
  check: ['-fsyntax-only'],
};
const outputSuffix: Partial<Record<Mode, string>> = { object: '.o', assembly: '.s' };

/**
 * Functions of libm that clang would turn into intrinsics although one of the two ISAs has no instruction for them.
 * As calls to musl they are the same code on both, and no hidden library call appears in code generation.
 */
const mathCalls = [
  ...['ceil', 'cos', 'exp', 'exp2', 'exp10', 'floor', 'fma', 'fmod', 'ldexp', 'log', 'log2', 'log10'],
  ...['lrint', 'llrint', 'lround', 'llround', 'nearbyint', 'pow', 'rint', 'round', 'roundeven'],
  ...['sin', 'tan', 'trunc', 'acos', 'asin', 'atan', 'atan2', 'cosh', 'sinh', 'tanh'],
].flatMap((name) => [name, `${name}f`, `${name}l`]);

/** Whatever the user says about debug information: lines for messages about his source, nothing more. */
const debugFlags = ['-gline-tables-only', '-fdebug-compilation-dir=.'];

const assembler = /\.(s|S|sx)$/;

export function clangFlags(sysroot: string): string[] {
  return [
    ...portableFlags,
    '-nostdlibinc',
    '-isystem',
    join(sysroot, 'include'),
    ...mathCalls.map((name) => `-fno-builtin-${name}`),
    ...debugFlags,
    '-Xclang',
    '-disable-O0-optnone',
    '-Wno-unused-command-line-argument',
  ];
}

/** Arguments for clang-19; `output` undefined: clang's own choice, or standard output. */
export function clangArguments(
  line: CommandLine,
  source: Source,
  sysroot: string,
  output?: string,
): string[] {
  const { mode } = line;
  if (mode !== 'preprocess' && (assembler.test(source.path) || /^assembler/.test(source.language ?? ''))) {
    throw usageError(
      `${source.path}: assembly can't be carried to another ISA`,
      'most programs have a C version of it: configure them without assembly',
    );
  }
  return [
    ...clangFlags(sysroot),
    ...line.compileFlags,
    ...(modeFlags[mode] ?? []),
    ...(line.verbose ? ['-v'] : []),
    ...(source.language ? ['-x', source.language] : []),
    source.path,
    ...(output === undefined ? [] : ['-o', output]),
  ];
}

/** Where the result for one of possibly several sources goes. */
export function outputFor(line: CommandLine, source: Source): string | undefined {
  if (line.output !== undefined) return line.output;
  const suffix = outputSuffix[line.mode];
  return suffix && basename(source.path).replace(/\.[^.]*$/, '') + suffix;
}

/** For `-MD` when sources are compiled for a link at once: the rules belong next to the program, not to a temporary file. */
export function dependencyFlags(line: CommandLine, source: Source): string[] {
  const wanted = line.compileFlags.some((flag) => /^-MM?D$/.test(flag));
  if (!wanted || line.compileFlags.includes('-MF')) return [];
  return ['-MF', basename(source.path).replace(/\.[^.]*$/, '.d')];
}

export const compiler = llvm.clang;
