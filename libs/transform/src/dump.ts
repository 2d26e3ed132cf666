// SPDX-License-Identifier: GPL-3.0-or-later
//
// The images of a process tree, decoded as far as a transform needs them.
import {
  type CoreEntry,
  decodeImageAs,
  type FileEntry,
  type Image,
  type MmEntry,
  onlyMessage,
  type Pagemap,
  type PstreeEntry,
  pagemapOf,
  type RegFileEntry,
} from '@h-containers/criu-images';
import type { Isa } from '@h-containers/tool-kit';
import { checkCore, isaOfCore } from './core.ts';
import { damaged, refuse } from './refusal.ts';

/** Small members by name: what libs/image-stream calls an ImageSource. */
export interface Members {
  has(name: string): boolean;
  read(name: string): Promise<Buffer>;
}

export interface ThreadImage {
  tid: number;
  image: Image<'core'>;
  core: CoreEntry;
}

/** The memory of a task; zombies have none. */
export interface Memory {
  image: Image<'mm'>;
  mm: MmEntry;
  pagemapImage: Image<'pagemap'>;
  pagemap: Pagemap;
  executable: RegFileEntry;
}

export interface Task {
  pid: number;
  /** "process 12 (sort)", for messages. */
  who: string;
  entry: PstreeEntry;
  /** The first one is the task's own. */
  threads: ThreadImage[];
  memory: Memory | undefined;
}

export interface Dump {
  isa: Isa;
  tasks: Task[];
  files: Image<'files'>;
  /** By file_entry.id. */
  regularFiles: Map<number, RegFileEntry>;
}

/** compel/include/uapi/task-state.h */
const TASK_DEAD = 2;
const TASK_ZOMBIE = 6;

/** Images that a transform decodes, read but not decoded yet. */
export type RawDump = ReadonlyMap<string, Buffer>;

/** Reads what belongs to the tree, all at once: the process stands still in the meantime. */
export async function readDump(members: Members): Promise<RawDump> {
  if (members.has('inventory.img') && !members.has('pstree.img'))
    refuse('these are the images of a pre-dump, or the dump was not finished', 'run criu dump, or hc-dump');
  if (!members.has('files.img') && members.has('reg-files.img'))
    refuse('these images were written by a CRIU before 3.0', 'use CRIU 3.17 or newer');
  const pstree = await members.read('pstree.img');
  const raw = new Map([['pstree.img', pstree]]);
  const fetch = async (name: string) => raw.set(name, await members.read(name));
  const ofTask = (entry: PstreeEntry) => [
    ...threadIds(entry, members).map((tid) => `core-${tid}.img`),
    // Zombies have none.
    ...[`mm-${entry.pid}.img`, `pagemap-${entry.pid}.img`].filter((name) => members.has(name)),
  ];
  await Promise.all(['files.img', ...tasksOf(pstree).flatMap(ofTask)].map(fetch));
  return raw;
}

export function decodeDump(raw: RawDump): Dump {
  const files = decode(raw, 'files', 'files.img');
  const regularFiles = indexFiles(files.messages);
  const tasks = tasksOf(raw.get('pstree.img') ?? Buffer.alloc(0)).map((entry) =>
    decodeTask(raw, entry, regularFiles),
  );
  return { isa: commonIsa(tasks), tasks, files, regularFiles };
}

export async function loadDump(members: Members): Promise<Dump> {
  return decodeDump(await readDump(members));
}

function tasksOf(pstree: Buffer): PstreeEntry[] {
  const tree = decodeImageAs('pstree', 'pstree.img', pstree).messages;
  if (tree.length === 0) damaged('pstree.img: no process in it');
  if (new Set(tree.map(({ pid }) => pid)).size !== tree.length) damaged('pstree.img: a process comes twice');
  return tree;
}

/** For a process that has died CRIU 3.17 writes a thread id that it never set: any number. */
function threadIds({ pid, threads }: PstreeEntry, images: { has(name: string): boolean }): number[] {
  return [...new Set([pid, ...(images.has(`mm-${pid}.img`) ? threads : [])])];
}

function decode<K extends 'core' | 'mm' | 'pagemap' | 'files'>(
  raw: RawDump,
  kind: K,
  name: string,
): Image<K> {
  const bytes = raw.get(name);
  if (!bytes) damaged(`there is no ${name}`);
  return decodeImageAs(kind, name, bytes);
}

function indexFiles(files: readonly FileEntry[]): Map<number, RegFileEntry> {
  return new Map(files.flatMap(({ id, reg }) => (reg ? [[id, reg] as const] : [])));
}

function decodeTask(raw: RawDump, entry: PstreeEntry, files: Map<number, RegFileEntry>): Task {
  const { pid } = entry;
  const threads = threadIds(entry, raw).map((tid) => {
    const image = decode(raw, 'core', `core-${tid}.img`);
    return { tid, image, core: onlyMessage(image) };
  });
  const core = threads[0]?.core;
  const who = `process ${pid} (${core?.tc?.comm ?? '?'})`;
  for (const thread of threads) checkCore(thread.core, `${who}, thread ${thread.tid}`);
  const dead = core?.tc?.task_state === TASK_DEAD || core?.tc?.task_state === TASK_ZOMBIE;
  return { pid, who, entry, threads, memory: dead ? undefined : decodeMemory(raw, pid, who, files) };
}

function decodeMemory(raw: RawDump, pid: number, who: string, files: Map<number, RegFileEntry>): Memory {
  const image = decode(raw, 'mm', `mm-${pid}.img`);
  const mm = onlyMessage(image);
  const pagemapImage = decode(raw, 'pagemap', `pagemap-${pid}.img`);
  const executable = files.get(mm.exe_file_id);
  if (!executable) damaged(`${who}: files.img lacks its executable, file ${mm.exe_file_id}`);
  return { image, mm, pagemapImage, pagemap: pagemapOf(pagemapImage), executable };
}

function commonIsa(tasks: readonly Task[]): Isa {
  const isas = tasks.flatMap(({ threads, who }) => threads.map(({ core }) => isaOfCore(core, who)));
  const [first] = isas;
  if (!first || isas.some((isa) => isa !== first)) damaged('the images of the tasks are of different ISAs');
  const shared = tasks.flatMap(({ memory }) => (memory ? [memory.pagemap.pagesId] : []));
  if (new Set(shared).size !== shared.length) damaged('two processes have the same pages file');
  return first;
}
