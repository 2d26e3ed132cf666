// SPDX-License-Identifier: GPL-3.0-or-later
// What the checks need to know about a dump.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  decodeImageAs,
  type ImageKind,
  type InetSkEntry,
  type MessageOf,
  type VmaEntry,
} from '@h-containers/criu-images';
import { HcError, type Isa, systemError } from '@h-containers/tool-kit';

export interface Task {
  pid: number;
  /** The process's own pid included. */
  tids: number[];
  comm: string;
  /** undefined for a task that has died but was not reaped. */
  isa: Isa | undefined;
  /** files.img id, undefined as above. */
  executable: number | undefined;
  vmas: VmaEntry[];
}

export interface OpenFile {
  id: number;
  path: string;
  size: number | undefined;
  /** As CRIU keeps it, hexadecimal; only of ELF files. */
  buildId: string | undefined;
}

/** A TCP connection. */
export interface Connection {
  local: string;
  localPort: number;
  remote: string;
  remotePort: number;
}

export interface Dump {
  /** The root first. */
  tasks: Task[];
  connections: Connection[];
  /** Regular files by path that must be there; unlinked ones travel in the images. */
  files: OpenFile[];
}

/** core_entry.mtype, images/core.proto */
const MACHINE_TYPES: Readonly<Record<number, Isa>> = { 1: 'x86-64', 3: 'aarch64' };

export async function readDump(directory: string): Promise<Dump> {
  const tree = await messages(directory, 'pstree', 'pstree.img');
  const tasks = await Promise.all(tree.map(({ pid, threads }) => readTask(directory, pid, threads)));
  const ghosts = new Set(
    (await messages(directory, 'remap-fpath', 'remap-fpath.img', true)).map(({ orig_id }) => orig_id),
  );
  const entries = await messages(directory, 'files', 'files.img');
  // CRIU keeps the path of a terminal's device, too, but makes the terminal anew.
  const terminals = new Set(entries.flatMap(({ tty }) => (tty ? [tty.regf_id ?? tty.id] : [])));
  const files = entries
    .flatMap(({ reg }) => (reg ? [reg] : []))
    .filter((reg) => !ghosts.has(reg.id) && !terminals.has(reg.id) && !reg.ext)
    .map((reg) => ({
      id: reg.id,
      path: reg.name,
      size: reg.size === undefined ? undefined : Number(reg.size),
      buildId: reg.build_id.length === 0 ? undefined : hexOfWords(reg.build_id),
    }));
  const connections = entries.flatMap(({ isk }) => (isk ? connectionOf(isk) : []));
  return { tasks, files, connections };
}

const IPPROTO_TCP = 6;
/** include/net/tcp_states.h: established to closing, but for those without a peer. */
const CONNECTED = [1, 2, 4, 5, 8, 9, 11];

function connectionOf(socket: InetSkEntry): Connection[] {
  const { proto, state, src_addr, dst_addr, src_port, dst_port } = socket;
  if (proto !== IPPROTO_TCP || !CONNECTED.includes(state) || dst_port === 0) return [];
  return [
    {
      local: addressOf(src_addr),
      localPort: src_port,
      remote: addressOf(dst_addr),
      remotePort: dst_port,
    },
  ];
}

/** inet_sk_entry: words as they lie in memory, one for IPv4, four for IPv6. */
function addressOf(words: readonly number[]): string {
  const bytes = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word >>> 0, index * 4);
  if (bytes.length === 4) return bytes.join('.');
  const mapped = bytes.subarray(0, 12).toString('hex') === '00000000000000000000ffff';
  if (mapped) return bytes.subarray(12).join('.');
  const loopback = bytes.toString('hex') === '00000000000000000000000000000001';
  return loopback ? '::1' : (bytes.toString('hex').match(/.{4}/g) ?? []).join(':');
}

async function readTask(directory: string, pid: number, tids: number[]): Promise<Task> {
  const [core] = await messages(directory, 'core', `core-${pid}.img`);
  if (!core) throw new HcError(`core-${pid}.img is empty`, { hint: 'dump again' });
  const [mm] = await messages(directory, 'mm', `mm-${pid}.img`, true);
  const isa = MACHINE_TYPES[core.mtype];
  if (mm && isa === undefined) throw new HcError(`core-${pid}.img: unknown machine type ${core.mtype}`);
  const comm = core.tc?.comm ?? '?';
  // For a process that has died CRIU 3.17 writes a thread id that it never set.
  return {
    pid,
    tids: mm ? tids : [pid],
    comm,
    isa: mm && isa,
    executable: mm?.exe_file_id,
    vmas: mm?.vmas ?? [],
  };
}

async function messages<K extends ImageKind>(
  directory: string,
  kind: K,
  name: string,
  optional = false,
): Promise<MessageOf<K>[]> {
  try {
    return decodeImageAs(kind, name, await readFile(join(directory, name))).messages;
  } catch (error) {
    if (error instanceof HcError) throw error;
    if (optional) return [];
    const missing = systemError(error, name);
    throw new HcError(`the images are incomplete: ${missing.message}`, {
      hint: 'see the previous tool of the pipe',
      cause: error,
    });
  }
}

/** criu/files-reg.c copies the note's bytes into an array of words. */
function hexOfWords(words: readonly number[]): string {
  const bytes = Buffer.alloc(words.length * 4);
  for (const [index, word] of words.entries()) bytes.writeUInt32LE(word, index * 4);
  return bytes.toString('hex');
}
