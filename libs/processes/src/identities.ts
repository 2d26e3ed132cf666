// SPDX-License-Identifier: GPL-3.0-or-later
// Which file is which, to the kernel and to the program: struct hc_identity (native/runtime/include/hc/abi.h).
import { readdirSync, statSync } from 'node:fs';
import { abi } from '@h-containers/bundle';
import { HcError } from '@h-containers/tool-kit';
import { readControl } from './control.ts';
import type { ProcessMemory } from './memory.ts';
import { describe } from './proc.ts';

/** st_dev and st_ino of stat(2). */
export interface FileId {
  device: bigint;
  inode: bigint;
}

/** The kernel's identity of a file here, and the program's. */
export interface Identity {
  here: FileId;
  seen: FileId;
}

export function isSameFile(a: FileId, b: FileId): boolean {
  return a.inode === b.inode && a.device === b.device;
}

/** Regular files and directories that a process has open, by descriptor. */
export function openFiles(pid: number): Map<number, FileId> {
  const files = new Map<number, FileId>();
  for (const fd of descriptors(pid)) {
    const id = fileOf(pid, fd);
    if (id) files.set(fd, id);
  }
  return files;
}

function descriptors(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map(Number);
  } catch {
    return [];
  }
}

/** Undefined for what is neither a file nor a directory, or closed by now. */
function fileOf(pid: number, fd: number): FileId | undefined {
  const facts = statSync(`/proc/${pid}/fd/${fd}`, { bigint: true, throwIfNoEntry: false });
  return facts && (facts.isFile() || facts.isDirectory())
    ? { device: facts.dev, inode: facts.ino }
    : undefined;
}

/** As the runtime does it (native/runtime/common/identity.c): one to one, whatever the table. */
export function seenAs(here: FileId, table: readonly Identity[]): FileId {
  const known = table.find((each) => isSameFile(each.here, here));
  if (known) return known.seen;
  let left = here;
  // Never more steps than entries: a damaged table may lead round in circles.
  for (const _ of table) left = seenBy(left)?.here ?? left;
  return left;

  function seenBy(id: FileId): Identity | undefined {
    return table.find((each) => isSameFile(each.seen, id));
  }
}

/** The table for files that were `there` and are `here` now, by descriptor, after one that held before. */
export function movedIdentities(
  there: ReadonlyMap<number, FileId>,
  here: ReadonlyMap<number, FileId>,
  before: readonly Identity[],
): Identity[] {
  const table: Identity[] = [];
  for (const [fd, old] of there) {
    const now = here.get(fd);
    const seen = seenAs(old, before);
    const known = table.some((each) => (now && isSameFile(each.here, now)) || isSameFile(each.seen, seen));
    if (now && !known) table.push({ here: now, seen });
  }
  return table.filter(({ here, seen }) => !isSameFile(here, seen));
}

export function readIdentities(memory: ProcessMemory): Identity[] {
  const count = Number(readControl(memory)?.identities ?? 0n);
  const size = abi.sizeOf(abi.identity);
  const bytes =
    count <= abi.HC_IDENTITIES_MAX ? memory.read(abi.HC_IDENTITIES_ADDRESS, count * size) : undefined;
  if (!bytes) throw new HcError(`${describe(memory.pid)}: its table of file identities is damaged`);
  return Array.from({ length: count }, (_, index) => {
    const { here_device, here_inode, device, inode } = abi.readStruct(abi.identity, bytes, index * size);
    return { here: { device: here_device, inode: here_inode }, seen: { device, inode } };
  });
}

/** At most HC_IDENTITIES_MAX have room. */
export function writeIdentities(memory: ProcessMemory, table: readonly Identity[]): void {
  const size = abi.sizeOf(abi.identity);
  const bytes = Buffer.alloc(table.length * size);
  for (const [index, { here, seen }] of table.entries())
    abi.writeStruct(
      abi.identity,
      bytes,
      { here_device: here.device, here_inode: here.inode, ...seen },
      index * size,
    );
  const count = Buffer.alloc(8);
  count.writeBigUInt64LE(BigInt(table.length));
  memory.write(abi.HC_IDENTITIES_ADDRESS, bytes);
  memory.write(abi.HC_CONTROL_ADDRESS + BigInt(abi.control.identities[0]), count);
}
