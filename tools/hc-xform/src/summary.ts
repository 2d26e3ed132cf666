// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is in a set of images, for --show. As much as can be told: a process that can't be moved is shown, too.
import { decodeImage, FD_TYPES } from '@h-containers/criu-images';
import type { ImageSource } from '@h-containers/image-stream';
import { HcError, type Isa, Timers } from '@h-containers/tool-kit';
import {
  buildIdOf,
  type Dump,
  type Extents,
  fateOf,
  loadDump,
  type Program,
  type Task,
  VMA,
  walkStacks,
} from '@h-containers/transform';
import type { Options } from './arguments.ts';
import { loadExtents, Programs } from './load.ts';

export interface FrameSummary {
  id: number;
  function: string;
  file: string;
  line: number;
}

export interface ThreadSummary {
  tid: number;
  /** Frames, outermost included. */
  depth?: number;
  /** Innermost first, at most MAX_FRAMES. */
  frames?: FrameSummary[];
  /** Number of the blocking system call that is issued again after the move. */
  inSystemCall?: number;
}

export interface MemorySummary {
  mappings: number;
  mappedBytes: number;
  dumpedBytes: number;
  fileMappings: { path: string; bytes: number }[];
}

export interface FileSummary {
  fd: number;
  type: string;
  path?: string;
  position?: number;
}

export interface TaskSummary {
  pid: number;
  parent: number;
  name: string;
  executable?: string;
  buildId?: string | undefined;
  bundle?: string;
  threads: ThreadSummary[];
  files: FileSummary[];
  memory?: MemorySummary;
  /** Why it can't be moved as it is. */
  problem?: string;
}

export interface Summary {
  isa: Isa;
  tasks: TaskSummary[];
}

const MAX_FRAMES = 16;

export async function describeImages(source: ImageSource, options: Options): Promise<Summary> {
  const dump = await loadDump(source);
  const programs = await Programs.of(source, options.bundles, new Timers());
  const extents = await loadExtents(source, dump).catch(asProblem);
  const tasks: TaskSummary[] = [];
  for (const task of dump.tasks) tasks.push(await describeTask(source, dump, task, programs, extents));
  return { isa: dump.isa, tasks };
}

function asProblem(error: unknown): HcError {
  if (error instanceof HcError) return error;
  throw error;
}

async function describeTask(
  source: ImageSource,
  dump: Dump,
  task: Task,
  programs: Programs,
  extents: Map<Task, Extents> | HcError,
): Promise<TaskSummary> {
  const { pid, entry, memory } = task;
  const summary: TaskSummary = {
    pid,
    parent: entry.ppid,
    name: task.threads[0]?.core.tc?.comm ?? '',
    threads: task.threads.map(({ tid }) => ({ tid })),
    files: await describeFiles(source, dump, task),
  };
  if (!memory) return summary;
  summary.executable = memory.executable.name;
  summary.buildId = buildIdOf(memory.executable);
  summary.memory = describeMemory(dump, task);
  try {
    const program = await programs.find(task);
    summary.bundle = program.bundle.directory;
    if (extents instanceof HcError) throw extents;
    const own = extents.get(task);
    if (own) summary.threads = await describeThreads(task, own, dump.isa, program);
  } catch (error) {
    summary.problem = asProblem(error).message;
  }
  return summary;
}

async function describeThreads(
  task: Task,
  extents: Extents,
  isa: Isa,
  { bundle, sites }: Program,
): Promise<ThreadSummary[]> {
  const names = await bundle.names();
  return walkStacks(task, extents, isa, sites).stacks.map(({ thread, ids }) => {
    const frames = [...ids.subarray(0, MAX_FRAMES)].map((id) => {
      const name = names.site(id) ?? { function: id === 0 ? '(start)' : '?', file: '', line: 0 };
      return { id, ...name };
    });
    const call = thread.in_syscall > 0 ? { inSystemCall: thread.in_syscall - 1 } : {};
    return { tid: thread.tid, depth: ids.length, frames, ...call };
  });
}

function describeMemory(dump: Dump, { memory }: Task): MemorySummary {
  const vmas = (memory?.mm.vmas ?? []).filter((vma) => fateOf(vma) === 'keep');
  const bytes = ({ start, end }: { start: bigint; end: bigint }) => Number(end - start);
  const files = vmas.filter(({ status }) => status & (VMA.FILE_PRIVATE | VMA.FILE_SHARED));
  return {
    mappings: vmas.length,
    mappedBytes: vmas.reduce((sum, vma) => sum + bytes(vma), 0),
    dumpedBytes: memory?.pagemap.size ?? 0,
    fileMappings: files.map((vma) => ({
      path: dump.regularFiles.get(Number(vma.shmid))?.name ?? '?',
      bytes: bytes(vma),
    })),
  };
}

const TYPE_NAMES = new Map<number, string>(
  Object.entries(FD_TYPES).map(([name, number]) => [number, name.toLowerCase()]),
);

async function describeFiles(source: ImageSource, dump: Dump, task: Task): Promise<FileSummary[]> {
  const filesId = task.threads[0]?.core.ids?.files_id ?? (await idsOf(source, task.pid));
  const name = `fdinfo-${filesId}.img`;
  if (filesId === undefined || !source.has(name)) return [];
  const image = decodeImage(name, await source.read(name));
  if (image.kind !== 'fdinfo') return [];
  return image.messages.map(({ fd, type, id }) => {
    const reg = dump.regularFiles.get(id);
    const regular = reg ? { path: reg.name, position: Number(reg.pos) } : {};
    return { fd, type: TYPE_NAMES.get(type) ?? String(type), ...regular };
  });
}

async function idsOf(source: ImageSource, pid: number): Promise<number | undefined> {
  const name = `ids-${pid}.img`;
  if (!source.has(name)) return undefined;
  const image = decodeImage(name, await source.read(name));
  return image.kind === 'ids' ? image.messages[0]?.files_id : undefined;
}
