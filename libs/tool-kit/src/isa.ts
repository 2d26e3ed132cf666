// SPDX-License-Identifier: GPL-3.0-or-later
import { usageError } from './errors.ts';

/** Every name an instruction set goes by. machine: ELF e_machine. */
const TABLE = [
  { isa: 'x86-64', machine: 62, node: 'x64', aliases: ['x86_64', 'amd64', 'x64'] },
  { isa: 'aarch64', machine: 183, node: 'arm64', aliases: ['arm64'] },
] as const;

export type Isa = (typeof TABLE)[number]['isa'];

export const ISAS: readonly Isa[] = TABLE.map((row) => row.isa);

export function isIsa(name: unknown): name is Isa {
  return ISAS.some((isa) => isa === name);
}

/** From a command line: the other common names are understood, too. */
export function parseIsa(name: string): Isa {
  const row = TABLE.find((each) => each.isa === name || each.aliases.some((alias) => alias === name));
  if (row === undefined) throw usageError(`unknown ISA '${name}'`, `use one of: ${ISAS.join(', ')}`);
  return row.isa;
}

export function otherIsa(isa: Isa): Isa {
  return isa === 'x86-64' ? 'aarch64' : 'x86-64';
}

/** The ISA this tool runs on. */
export function hostIsa(): Isa {
  const row = TABLE.find((each) => each.node === process.arch);
  if (row === undefined) throw usageError(`this machine's architecture '${process.arch}' is not supported`);
  return row.isa;
}

/** ELF e_machine -> ISA; undefined for any other machine. */
export function isaOfMachine(machine: number): Isa | undefined {
  return TABLE.find((row) => row.machine === machine)?.isa;
}

export function machineOfIsa(isa: Isa): number {
  return isa === 'x86-64' ? TABLE[0].machine : TABLE[1].machine;
}
