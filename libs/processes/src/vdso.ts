// SPDX-License-Identifier: GPL-3.0-or-later
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

/** The code that this kernel maps into every process for clock calls, and the data it reads: vdso(7). */
export interface Vdso {
  /** Contents of [vdso], ELF header first. */
  code: Buffer;
  /** Size of [vvar], 0 if there is none; the two lie side by side. */
  dataSize: number;
  dataFirst: boolean;
}

interface Area {
  start: bigint;
  size: number;
}

function areaOf(maps: string, name: string): Area | undefined {
  const match = new RegExp(`^([0-9a-f]+)-([0-9a-f]+) .*\\[${name}\\]$`, 'm').exec(maps);
  if (!match) return undefined;
  const [start, end] = [BigInt(`0x${match[1]}`), BigInt(`0x${match[2]}`)];
  return { start, size: Number(end - start) };
}

/** Where a process has its vDSO, undefined without one. */
export function vdsoAddress(pid: number): bigint | undefined {
  return areaOf(readFileSync(`/proc/${pid}/maps`, 'latin1'), 'vdso')?.start;
}

/** This kernel's, taken from our own memory; undefined if it has none. */
export function ownVdso(): Vdso | undefined {
  const maps = readFileSync('/proc/self/maps', 'latin1');
  const code = areaOf(maps, 'vdso');
  const data = areaOf(maps, 'vvar');
  if (!code) return undefined;
  const bytes = Buffer.alloc(code.size);
  const memory = openSync('/proc/self/mem', 'r');
  try {
    readSync(memory, bytes, 0, code.size, code.start);
  } finally {
    closeSync(memory);
  }
  return { code: bytes, dataSize: data?.size ?? 0, dataFirst: data !== undefined && data.start < code.start };
}
