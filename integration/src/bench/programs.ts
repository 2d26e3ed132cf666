// SPDX-License-Identifier: GPL-3.0-or-later
// What is measured.
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import glob from 'fast-glob';
import { bzip2Source, luaSource, sqliteSource } from './debian-programs.ts';
import { bzip2Input, compressedInput } from './inputs.ts';
import { digest } from './once.ts';
import { benchmarks } from './paths.ts';

export interface Source {
  name: string;
  /** All that the result depends on, besides tool chains. */
  key: readonly string[];
  files: readonly string[];
  flags: readonly string[];
}

export interface Benchmark {
  name: string;
  source(): Promise<Source>;
  args: readonly string[];
  /** A file. */
  stdin?(): Promise<string>;
}

async function own(file: string): Promise<Source> {
  const files = [join(benchmarks, file)];
  const headers = await glob('*.h', { cwd: benchmarks, absolute: true });
  const texts = await Promise.all([...files, ...headers.sort()].map((path) => readFile(path)));
  return { name: basename(file, '.c'), key: [digest(texts)], files, flags: [] };
}

const c = (name: string, file = name, ...args: string[]): Benchmark => ({
  name,
  source: () => own(`${file}.c`),
  args,
});

const lua = (script: string): Benchmark => ({
  name: `lua-${script}`,
  source: luaSource,
  args: [join(benchmarks, 'lua', `${script}.lua`)],
});

export const allBenchmarks: readonly Benchmark[] = [
  c('fib'),
  c('ackermann'),
  c('queens'),
  c('records'),
  c('sort'),
  c('sort-callback', 'sort', 'callback'),
  c('matmul-ikj', 'matmul', 'ikj'),
  c('matmul-ijk', 'matmul', 'ijk'),
  c('linpack'),
  c('sieve'),
  c('crc32-bitwise', 'crc32', 'bitwise'),
  c('crc32-table', 'crc32', 'table'),
  c('hash-table'),
  c('bytecode-vm'),
  ...['fib', 'binary-trees', 'strings', 'sort', 'n-body'].map(lua),
  { name: 'bzip2', source: bzip2Source, args: ['-9', '-c'], stdin: bzip2Input },
  { name: 'bunzip2', source: bzip2Source, args: ['-d', '-c'], stdin: compressedInput },
  { name: 'sqlite', source: sqliteSource, args: [] },
];

export function selectBenchmarks(names: string | undefined): readonly Benchmark[] {
  if (names === undefined) return allBenchmarks;
  return names.split(',').map((name) => {
    const found = allBenchmarks.find((benchmark) => benchmark.name === name);
    if (!found) {
      const known = allBenchmarks.map((benchmark) => benchmark.name).join(', ');
      throw new Error(`There is no benchmark "${name}"; there are ${known}`);
    }
    return found;
  });
}
