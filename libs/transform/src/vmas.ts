// SPDX-License-Identifier: GPL-3.0-or-later
import { abi } from '@h-containers/bundle';
import type { VmaEntry } from '@h-containers/criu-images';
import { lastAt } from './page.ts';
import { hex, refuse } from './refusal.ts';

/** vma_entry.status: criu/include/image.h */
export const VMA = {
  STACK: 1 << 1,
  VSYSCALL: 1 << 2,
  VDSO: 1 << 3,
  HEAP: 1 << 5,
  FILE_PRIVATE: 1 << 6,
  FILE_SHARED: 1 << 7,
  ANON_SHARED: 1 << 8,
  ANON_PRIVATE: 1 << 9,
  SYSVIPC: 1 << 10,
  VVAR: 1 << 12,
} as const;

export const PROT_WRITE = 2;
export const PROT_EXEC = 4;
const MAP_GROWSDOWN = 0x100;

/** Lowest of the highest user addresses: x86-64 with 4-level page tables. */
export const ADDRESS_LIMIT = 1n << 47n;

export type Fate = 'keep' | 'vsyscall' | 'vdso' | 'vvar' | 'stack';

/**
 * What the kernel makes anew in every process, or what only the program's start-up has used: these mappings don't
 * move. On aarch64 they lie above 2^47, where x86-64 has nothing.
 */
export function fateOf(vma: VmaEntry): Fate {
  if (vma.status & VMA.VSYSCALL) return 'vsyscall';
  if (vma.status & VMA.VDSO) return 'vdso';
  if (vma.status & VMA.VVAR) return 'vvar';
  if (vma.start >= abi.HC_VDSO_SLOT && vma.end <= abi.HC_VDSO_SLOT_END) return 'vdso';
  if (vma.flags & MAP_GROWSDOWN) return 'stack';
  return 'keep';
}

/** Ordinary memory that both ISAs have at the same place, whatever is in it. */
export function checkAddresses(vmas: readonly VmaEntry[], who: string): void {
  let last = 0n;
  for (const vma of vmas) {
    if (vma.start < last || vma.end <= vma.start || vma.start % 4096n !== 0n || vma.end % 4096n !== 0n)
      refuse(`${who}: mapping ${rangeText(vma)} is out of order`);
    if (vma.end > ADDRESS_LIMIT)
      refuse(`${who}: mapping ${rangeText(vma)} lies above 2^47, where x86-64 has no memory`);
    last = vma.end;
  }
}

export function rangeText({ start, end }: { start: bigint; end: bigint }): string {
  return `${hex(start)}-${hex(end)}`;
}

/** Exactly one private, writable, anonymous mapping must hold the range. vmas: as checkAddresses has found them. */
export function isPlainMemory(vmas: readonly VmaEntry[], start: bigint, end: bigint): boolean {
  const vma = lastAt(vmas, start);
  if (!vma || end > vma.end || fateOf(vma) !== 'keep') return false;
  return (vma.prot & PROT_WRITE) !== 0 && (vma.status & VMA.ANON_PRIVATE) !== 0;
}
