// SPDX-License-Identifier: GPL-3.0-or-later
// What decides whether a process fits on this machine.
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { HcError, hostIsa, type Isa } from '@h-containers/tool-kit';

export interface Machine {
  isa: Isa;
  kernel: string;
  pageSize: number;
  /** User space ends at 2^vaBits: 47 on x86-64, 48 or 39 on most aarch64 kernels. */
  vaBits: number;
}

const AT_PAGESZ = 6n;

export function pageSizeOf(auxv: Buffer): number {
  for (let at = 0; at + 16 <= auxv.length; at += 16)
    if (auxv.readBigUInt64LE(at) === AT_PAGESZ) return Number(auxv.readBigUInt64LE(at + 8));
  throw new HcError('/proc/self/auxv has no page size');
}

/** The stack lies within 16 GiB of the end of user space, address randomisation included. */
export function vaBitsOf(maps: string): number {
  const ends = [...maps.matchAll(/^[0-9a-f]+-([0-9a-f]+)/gm)].map((match) => BigInt(`0x${match[1]}`));
  // /proc/PID/maps is sorted; x86-64's vsyscall page lies in the kernel's half.
  const top = ends.filter((end) => end < 1n << 63n).at(-1) ?? 1n;
  return (top - 1n).toString(2).length;
}

export function thisMachine(): Machine {
  return {
    isa: hostIsa(),
    kernel: release(),
    pageSize: pageSizeOf(readFileSync('/proc/self/auxv')),
    vaBits: vaBitsOf(readFileSync('/proc/self/maps', 'latin1')),
  };
}
