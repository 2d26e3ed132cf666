// SPDX-License-Identifier: GPL-3.0-or-later
//
// Which program a task runs, and whether all its code belongs to it.
import type { Bundle } from '@h-containers/bundle';
import type { RegFileEntry, VmaEntry } from '@h-containers/criu-images';
import { pageSizeOf } from './auxv.ts';
import type { Dump, Memory, Task } from './dump.ts';
import { buildIdOf } from './files.ts';
import type { CallSites } from './native.ts';
import { damaged, refuse } from './refusal.ts';
import { checkAddresses, fateOf, PROT_EXEC, rangeText, VMA } from './vmas.ts';

/** A bundle, with its call sites loaded. */
export interface Program {
  bundle: Bundle;
  sites: CallSites;
}

/** The task's memory, which living tasks have. */
export function memoryOf(task: Task): Memory {
  return task.memory ?? damaged(`${task.who}: has ended and has no memory`);
}

/** Build-id by which the program's bundle is found; undefined if the images don't tell. */
export function buildIdOfTask(task: Task): string | undefined {
  return buildIdOf(memoryOf(task).executable);
}

/** The executable must be the bundle's, and there must be no other code in the process. */
export function checkProgram(task: Task, dump: Dump, { bundle }: Program): void {
  const { mm, executable } = memoryOf(task);
  const { bundleId, fileSize } = bundle.manifest;
  const id = buildIdOf(executable);
  if (id !== undefined && id !== bundleId)
    refuse(`${task.who}: ${executable.name} has build-id ${id}, the bundle ${bundleId}`);
  if (executable.size !== undefined && executable.size !== BigInt(fileSize))
    refuse(
      `${task.who}: ${executable.name} has ${executable.size} bytes, the bundle's executables ${fileSize}`,
      'the executable was changed; start the program from the bundle',
    );
  const pageSize = pageSizeOf(mm.mm_saved_auxv);
  if (pageSize !== undefined && pageSize !== 4096n)
    refuse(
      `${task.who}: its kernel has pages of ${pageSize} bytes`,
      'only kernels with pages of 4096 bytes are served',
    );
  checkAddresses(mm.vmas.filter(keeps), task.who);
  for (const vma of mm.vmas) if (keeps(vma) && vma.prot & PROT_EXEC) checkCode(vma, task, dump, executable);
}

function keeps(vma: VmaEntry): boolean {
  return fateOf(vma) === 'keep';
}

function checkCode(vma: VmaEntry, task: Task, dump: Dump, executable: RegFileEntry): void {
  const what = `${task.who}: executable mapping ${rangeText(vma)}`;
  if (!(vma.status & VMA.FILE_PRIVATE))
    refuse(`${what} belongs to no file`, 'programs that generate code at run time can not be moved');
  const file = dump.regularFiles.get(Number(vma.shmid));
  const same = file && file.name === executable.name && buildIdOf(file) === buildIdOf(executable);
  if (!same)
    refuse(
      `${what} is ${file?.name ?? 'an unknown file'}, which is not part of the bundle`,
      'only statically linked programs built by hc-compile can be moved',
    );
}
