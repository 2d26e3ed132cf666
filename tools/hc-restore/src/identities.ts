// SPDX-License-Identifier: GPL-3.0-or-later
// Files are others here than at the source, as far as the kernel goes. The program is shown what it has seen before.
import { abi } from '@h-containers/bundle';
import {
  describe,
  type FileId,
  movedIdentities,
  openFiles,
  readIdentities,
  withMemory,
  writeIdentities,
} from '@h-containers/processes';
import type { Reporter } from '@h-containers/tool-kit';

/** By pid and descriptor. */
export type FileIds = ReadonlyMap<number, ReadonlyMap<number, FileId>>;

/** From hc/hc-dump.json, which comes from another machine: what is damaged there is left out. */
export function fileIds(value: unknown): FileIds {
  return new Map(
    Object.entries(Object(value)).map(([pid, files]) => [Number(pid), idsOfProcess(files)] as const),
  );
}

function idsOfProcess(value: unknown): Map<number, FileId> {
  const parsed = Object.entries(Object(value)).flatMap(([fd, text]) => {
    const [, device, inode] = /^(\d{1,20}):(\d{1,20})$/.exec(String(text)) ?? [];
    return device && inode ? [[Number(fd), { device: word(device), inode: word(inode) }] as const] : [];
  });
  return new Map(parsed);
}

/** st_dev and st_ino have 64 bits. */
function word(text: string): bigint {
  return BigInt.asUintN(64, BigInt(text));
}

/** For a process that has not been started yet. */
export function announceFiles(pid: number, there: FileIds, report: Reporter): void {
  withMemory(pid, (memory) => {
    const before = readIdentities(memory);
    const table = movedIdentities(there.get(pid) ?? new Map(), openFiles(pid), before);
    if (table.length + before.length === 0) return;
    writeIdentities(memory, table.slice(0, abi.HC_IDENTITIES_MAX));
    if (table.length > abi.HC_IDENTITIES_MAX)
      report.warn(
        `${describe(pid)}: ${table.length - abi.HC_IDENTITIES_MAX} of its open files have another inode number here, and the program will see that`,
      );
  });
}
