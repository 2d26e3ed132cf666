// SPDX-License-Identifier: GPL-3.0-or-later
//
// A process from the other ISA comes without a vDSO, and CRIU maps one only where the images have one: then, if its code
// is the very code of this kernel, it moves the kernel's own there (criu/pie/parasite-vdso.c, remap_rt_vdso). So this
// kernel's vDSO is put into the images, in the slot that the runtime keeps free for it.
import { appendFile, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { abi } from '@h-containers/bundle';
import {
  decodeImageAs,
  decodePagemap,
  encodeImage,
  encodePagemap,
  onlyMessage,
  PE_PRESENT,
  type VmaEntry,
} from '@h-containers/criu-images';
import { type Vdso, vdsoAddress, withMemory, writeControl } from '@h-containers/processes';
import { VMA } from '@h-containers/transform';
import type { Task } from './images.ts';

const PAGE_SIZE = 4096;
const VMA_REGULAR = 1;
const PROT_READ = 1;
const PROT_EXEC = 4;
const MAP_PRIVATE_ANONYMOUS = 0x22;

/** Both areas of a vDSO as mappings in the slot, in the kernel's order. */
export function vdsoMappings({ code, dataSize, dataFirst }: Vdso): {
  data: VmaEntry | undefined;
  code: VmaEntry;
} {
  const slot = abi.HC_VDSO_SLOT;
  const dataStart = dataFirst ? slot : slot + BigInt(code.length);
  const codeStart = dataFirst ? slot + BigInt(dataSize) : slot;
  return {
    data: dataSize === 0 ? undefined : mapping(dataStart, dataSize, PROT_READ, VMA.VVAR),
    code: mapping(codeStart, code.length, PROT_READ | PROT_EXEC, VMA.VDSO),
  };
}

function mapping(start: bigint, size: number, prot: number, kind: number): VmaEntry {
  const common = { pgoff: 0n, shmid: 0n, flags: MAP_PRIVATE_ANONYMOUS, fd: -1n };
  return { start, end: start + BigInt(size), prot, status: VMA_REGULAR | VMA.ANON_PRIVATE | kind, ...common };
}

/** False if the process keeps what it has: a vDSO of its own, or something where ours would go. */
export async function addVdso(images: string, task: Task, vdso: Vdso): Promise<boolean> {
  const hasOne = task.vmas.some(({ status }) => status & (VMA.VDSO | VMA.VVAR));
  const { data, code } = vdsoMappings(vdso);
  const end = code.end > (data?.end ?? 0n) ? code.end : (data?.end ?? 0n);
  const occupied = task.vmas.some((vma) => vma.end > abi.HC_VDSO_SLOT && vma.start < end);
  if (task.isa === undefined || hasOne || occupied || end > abi.HC_VDSO_SLOT_END) return false;

  const pagemapFile = join(images, `pagemap-${task.pid}.img`);
  const pagemap = decodePagemap(`pagemap-${task.pid}.img`, await readFile(pagemapFile));
  const pagesFile = join(images, `pages-${pagemap.pagesId}.img`);
  const last = pagemap.ranges.at(-1);
  // The pages go at the end of their file, so that none of the others moves.
  if ((last && last.start >= code.start) || (await stat(pagesFile)).size !== pagemap.size) return false;

  const mmFile = join(images, `mm-${task.pid}.img`);
  const mmImage = decodeImageAs('mm', `mm-${task.pid}.img`, await readFile(mmFile));
  const mm = onlyMessage(mmImage);
  mm.vmas = [...mm.vmas, code, ...(data ? [data] : [])].sort((a, b) => (a.start < b.start ? -1 : 1));
  const range = {
    start: code.start,
    pages: vdso.code.length / PAGE_SIZE,
    flags: PE_PRESENT,
    offset: pagemap.size,
  };

  await appendFile(pagesFile, vdso.code);
  await writeFile(pagemapFile, encodePagemap({ ...pagemap, ranges: [...pagemap.ranges, range] }));
  await writeFile(mmFile, encodeImage(mmImage));
  return true;
}

/** Tells the runtime, which looks for its clock functions there; without one it asks the kernel. */
export function announceVdso(pid: number): void {
  const address = vdsoAddress(pid) ?? 0n;
  withMemory(pid, (memory) => writeControl(memory, 'vdso', address));
}
