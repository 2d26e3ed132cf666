// SPDX-License-Identifier: GPL-3.0-or-later
import { abi } from '@h-containers/bundle';
import type { FileEntry, RegFileEntry } from '@h-containers/criu-images';
import type { Isa } from '@h-containers/tool-kit';
import { refuse } from './refusal.ts';

/** File status flags whose bits differ: arch/arm64/include/uapi/asm/fcntl.h against asm-generic/fcntl.h. */
const OPEN_FLAGS = [
  { name: 'O_DIRECT', 'x86-64': 0x4000, aarch64: 0x10000 },
  { name: 'O_LARGEFILE', 'x86-64': 0x8000, aarch64: 0x20000 },
  { name: 'O_DIRECTORY', 'x86-64': 0x10000, aarch64: 0x4000 },
  { name: 'O_NOFOLLOW', 'x86-64': 0x20000, aarch64: 0x8000 },
] as const;

const DIFFERING = OPEN_FLAGS.reduce((bits, row) => bits | row.aarch64, 0);

export function convertOpenFlags(flags: number, from: Isa, to: Isa): number {
  let converted = flags & ~DIFFERING;
  for (const row of OPEN_FLAGS) if (flags & row[from]) converted |= row[to];
  return converted >>> 0;
}

/** Fields that hold open(2) flags, in every kind of file description. The others (ext, fifo, tunf) have none. */
const FLAG_FIELDS = {
  reg: ['flags'],
  isk: ['flags'],
  nsf: ['flags'],
  psk: ['flags'],
  nlsk: ['flags'],
  efd: ['flags'],
  epfd: ['flags'],
  sgfd: ['flags'],
  tfd: ['flags'],
  ify: ['flags'],
  ffy: ['flags', 'evflags'],
  usk: ['flags'],
  pipe: ['flags'],
  tty: ['flags'],
  memfd: ['flags'],
  bpf: ['flags'],
} as const satisfies Partial<Record<keyof FileEntry, readonly string[]>>;

/** Refuses what the images tell only half of. The runtime marks the eventfds that CRIU 3.17 would make plain ones. */
export function checkFile({ efd }: FileEntry): void {
  if (efd?.fown.signum === abi.HC_SIGNAL)
    refuse(
      `an eventfd was made with EFD_SEMAPHORE, which CRIU does not carry (files.img, eventfd ${efd.id})`,
      'have the program use a pipe, or read the eventfd whole',
    );
}

export function convertFile(file: FileEntry, from: Isa, to: Isa): FileEntry {
  const converted: Record<string, unknown> = { ...file };
  for (const [kind, fields] of Object.entries(FLAG_FIELDS)) {
    const description = converted[kind] as Record<string, number> | undefined;
    if (!description) continue;
    const flags = fields.map((field) => [field, convertOpenFlags(description[field] ?? 0, from, to)]);
    converted[kind] = { ...description, ...Object.fromEntries(flags) };
  }
  return converted as unknown as FileEntry;
}

/** The executable's path on the destination: docs/architecture.md, "Bundle". */
export function convertExecutablePath(path: string, from: Isa, to: Isa): string {
  const suffix = `/${from}/app`;
  return path.endsWith(suffix) ? `${path.slice(0, -suffix.length)}/${to}/app` : path;
}

/**
 * The executable itself: its size and build-id are the same on both ISAs. Its checksum is not, and is left out: CRIU
 * then compares what there is.
 */
export function convertExecutable(reg: RegFileEntry, from: Isa, to: Isa): RegFileEntry {
  const { checksum: _sum, checksum_config: _config, checksum_parameter: _parameter, ...rest } = reg;
  return { ...rest, name: convertExecutablePath(reg.name, from, to) };
}

/** reg_file_entry.build_id: the note's bytes as 32-bit words, padded with zeros. */
export function buildIdOf(reg: RegFileEntry): string | undefined {
  if (reg.build_id.length === 0) return undefined;
  const bytes = Buffer.alloc(reg.build_id.length * 4);
  for (const [i, word] of reg.build_id.entries()) bytes.writeUInt32LE(word >>> 0, i * 4);
  return bytes.toString('hex');
}
