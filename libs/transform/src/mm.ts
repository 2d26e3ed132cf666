// SPDX-License-Identifier: GPL-3.0-or-later
import { abi } from '@h-containers/bundle';
import type { MmEntry, VmaEntry } from '@h-containers/criu-images';
import { convertAuxv } from './auxv.ts';
import type { Range } from './page.ts';
import { fateOf, PROT_EXEC, VMA } from './vmas.ts';

export interface ConvertedMm {
  mm: MmEntry;
  /** Memory that goes away with its mapping. */
  dropped: { range: Range; fate: string }[];
  /** Text: the destination maps its own file there. */
  text: Range[];
}

/**
 * MADV_DONTDUMP as a bit of vma_entry.madv. It only says what a core file leaves out; restore across ISAs was
 * measured without it.
 */
const DONTDUMP = 1n << 16n;

export function convertMm(mm: MmEntry): ConvertedMm {
  const kept = mm.vmas.filter((vma) => fateOf(vma) === 'keep');
  const dropped = mm.vmas.filter((vma) => fateOf(vma) !== 'keep');
  const text = kept.filter((vma) => vma.prot & PROT_EXEC && vma.status & VMA.FILE_PRIVATE);
  return {
    mm: {
      ...mm,
      ...stackFields(mm, kept),
      mm_saved_auxv: convertAuxv(mm.mm_saved_auxv),
      vmas: kept.map(clearDontDump),
    },
    dropped: dropped.map((vma) => ({ range: { start: vma.start, end: vma.end }, fate: fateOf(vma) })),
    text: text.map(({ start, end }) => ({ start, end })),
  };
}

function clearDontDump(vma: VmaEntry): VmaEntry {
  return vma.madv === undefined ? vma : { ...vma, madv: vma.madv & ~DONTDUMP };
}

const STACK_FIELDS = ['mm_start_stack', 'mm_arg_start', 'mm_arg_end', 'mm_env_start', 'mm_env_end'] as const;

/**
 * Where /proc/PID/cmdline and environ look. Our start-up points the kernel at its own copy, which moves along; where it
 * was not allowed to, the fields still name the kernel's stack, which does not.
 */
function stackFields(mm: MmEntry, kept: readonly VmaEntry[]): Partial<MmEntry> {
  const moves = (address: bigint) => kept.some(({ start, end }) => start <= address && address <= end);
  if (STACK_FIELDS.every((name) => moves(mm[name]))) return {};
  const home =
    kept.find(({ start, end }) => start >= abi.HC_SYSTEM_ARENA && end <= abi.HC_VDSO_SLOT) ?? kept.at(-1);
  const place = (home?.end ?? abi.HC_SYSTEM_ARENA) - 16n;
  return Object.fromEntries(STACK_FIELDS.map((name) => [name, place]));
}
