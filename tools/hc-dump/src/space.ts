// SPDX-License-Identifier: GPL-3.0-or-later
import { statfs } from 'node:fs/promises';
import { statusField } from '@h-containers/processes';
import { HcError } from '@h-containers/tool-kit';

/** Everything but pages: a few hundred KiB, and the log. */
const REST = 4 * 1024 * 1024;

/** An upper bound: pages of the executable that nobody wrote to are not dumped. */
export function memoryOf(pids: readonly number[]): number {
  const kilobytes = (pid: number, field: string) => Number.parseInt(statusField(pid, field) ?? '0', 10);
  return pids.reduce((sum, pid) => sum + (kilobytes(pid, 'VmRSS') + kilobytes(pid, 'VmSwap')) * 1024, 0);
}

/** A full disk is better noticed before the process is frozen for long. */
export async function checkSpace(directory: string, pids: readonly number[]): Promise<void> {
  const { bavail, bsize } = await statfs(directory);
  const needed = memoryOf(pids) + REST;
  if (bavail * bsize < needed)
    throw new HcError(
      `${directory}: ${mebibytes(bavail * bsize)} free, but the images may take ${mebibytes(needed)}`,
      { hint: 'free some space, or dump elsewhere with --work-dir DIR' },
    );
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}
