// SPDX-License-Identifier: GPL-3.0-or-later
// Who refers to a symbol that nobody defines? Only asked when a link has failed.
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { llvm } from '@h-containers/native-toolchain';
import { HcError } from '@h-containers/tool-kit';
import { isBitcode, isElf } from './elf.ts';
import { run } from './run.ts';

/** The files among the linker's arguments, libraries resolved. */
export function linkedFiles(args: readonly string[]): string[] {
  const folders = args.flatMap((arg, index) =>
    arg === '-L' ? (args[index + 1] ?? []) : (/^-L(.+)/.exec(arg)?.[1] ?? []),
  );
  const library = (name: string) =>
    folders.map((folder) => join(folder, `lib${name}.a`)).find((path) => existsSync(path)) ?? [];
  return args.flatMap((arg, index) => {
    if (args[index - 1] === '-o') return [];
    const name = /^-l(.+)/.exec(arg)?.[1];
    if (name) return library(name);
    return !arg.startsWith('-') && /\.(o|a|lo|bc)$/.test(arg) && existsSync(arg) ? arg : [];
  });
}

export async function explainUndefined(names: readonly string[], args: readonly string[]): Promise<HcError> {
  const { stdout } = await run(llvm.nm, [
    '-A',
    '--format=posix',
    '--no-sort',
    '--quiet',
    ...linkedFiles(args),
  ]);
  // "lib.a[member.o]: name U" or "file.o: name T"
  const rows = [...stdout.matchAll(/^(.+): (\S+) (\w)/gm)].map(([, file = '', name = '', type = '']) => ({
    file,
    name,
    type,
  }));
  const lines = names.map((name) => {
    const users = rows.filter((row) => row.name === name && row.type === 'U');
    const native = rows.find((row) => row.name === name && /[A-TV-Z]/.test(row.type));
    const user = users[0]?.file ?? 'the optimised program';
    const more = users.length > 1 ? ` (and ${users.length - 1} more)` : '';
    const hint = native
      ? `; ${native.file} has it, but as machine code of one ISA: build that with hc-cc, too`
      : '';
    return `${user}: undefined reference to '${name}'${more}${hint}`;
  });
  return new HcError(lines.join('\n'));
}

/** An object of machine code can't become part of a program that moves; archives are left to the linker. */
export function refuseMachineCode(path: string): void {
  const head = Buffer.alloc(64);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    throw new HcError(`${path}: no such file`);
  }
  readSync(file, head, 0, head.length, 0);
  closeSync(file);
  if (isBitcode(head) || !isElf(head)) return;
  throw new HcError(`${path} is machine code of one ISA`, { hint: 'compile it with hc-cc: hc-cc -c' });
}
