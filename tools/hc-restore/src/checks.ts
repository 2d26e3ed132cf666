// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever CRIU would stumble over half-way is found out here, before it creates anything.
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { freemem } from 'node:os';
import { type ElfFacts, readElfFacts } from '@h-containers/bundle';
import { describe, type Machine, parking, readProc, readStat, statusField } from '@h-containers/processes';
import { cannotMove, HcError, systemError } from '@h-containers/tool-kit';
import type { Dump, OpenFile, Task } from './images.ts';

/** hc/hc-dump.json, as far as it is needed here. All of it may be missing: plain `criu dump` writes none. */
export interface DumpRecord {
  pageSize?: number;
  buildIds?: Record<string, string>;
}

export interface Situation {
  dump: Dump;
  record: DumpRecord;
  machine: Machine;
  /** Bytes of pages-*.img. */
  pageBytes: number;
}

type Check = (situation: Situation) => void | Promise<void>;

/** In the order in which they are most likely to explain everything that follows. */
const CHECKS: readonly Check[] = [
  sameIsa,
  samePageSize,
  addressesFit,
  enoughMemory,
  executablesMatch,
  filesMatch,
  pidsFree,
];

export async function checkAll(situation: Situation): Promise<void> {
  for (const check of CHECKS) await check(situation);
}

function sameIsa({ dump, machine }: Situation): void {
  const other = dump.tasks.find(({ isa }) => isa !== undefined && isa !== machine.isa);
  if (other)
    throw new HcError(`${name(other)}: these images are for ${other.isa}, this machine is ${machine.isa}`, {
      hint: `put 'hc-xform --to ${machine.isa}' before hc-restore`,
    });
}

function samePageSize({ record, machine }: Situation): void {
  if (record.pageSize !== undefined && record.pageSize !== machine.pageSize)
    throw cannotMove(
      `dumped with pages of ${record.pageSize} bytes, this kernel has pages of ${machine.pageSize}`,
      `choose a destination whose kernel has pages of ${record.pageSize} bytes`,
    );
}

function addressesFit({ dump, machine }: Situation): void {
  const limit = 1n << BigInt(machine.vaBits);
  // x86-64's vsyscall page lies in the kernel's half; CRIU knows what to do with it.
  for (const task of dump.tasks)
    for (const { start, end } of task.vmas)
      if (end > limit && start < 1n << 63n)
        throw cannotMove(
          `${name(task)}: memory at 0x${start.toString(16)} lies beyond this kernel's ${machine.vaBits}-bit addresses`,
          'choose a destination with a larger address space',
        );
}

function enoughMemory({ pageBytes }: Situation): void {
  const line = readProc('meminfo')?.match(/^MemAvailable:\s+(\d+)/m);
  const available = line ? Number(line[1]) * 1024 : freemem();
  if (pageBytes > available)
    throw new HcError(
      `the process needs ${mebibytes(pageBytes)} of memory, this machine has ${mebibytes(available)} left`,
      { hint: 'free some memory, or choose another destination' },
    );
}

async function executablesMatch({ dump, record, machine }: Situation): Promise<void> {
  for (const task of dump.tasks) {
    const file = dump.files.find(({ id }) => id === task.executable);
    if (!file) continue;
    const path = file.path;
    const facts = await elfFacts(path, task);
    if (facts.isa !== machine.isa)
      throw new HcError(`${name(task)}: ${path} is for ${facts.isa}, this machine is ${machine.isa}`, {
        hint: `install the bundle's ${machine.isa}/app there`,
      });
    const expected = record.buildIds?.[task.pid] ?? file.buildId;
    if (expected !== undefined && facts.buildId !== expected.slice(0, facts.buildId?.length))
      throw new HcError(
        `${name(task)}: ${path} is another program: build-id ${facts.buildId ?? 'none'}, dumped with ${expected}`,
        { hint: 'install the bundle that the process was started from' },
      );
  }
}

async function elfFacts(path: string, task: Task): Promise<ElfFacts> {
  try {
    return await readElfFacts(path);
  } catch (error) {
    throw new HcError(`${name(task)}: its executable ${systemError(error, path).message}`, {
      hint: 'install the bundle that the process was started from at the same path',
      cause: error,
    });
  }
}

async function filesMatch({ dump }: Situation): Promise<void> {
  const tids = new Set(dump.tasks.flatMap((task) => task.tids));
  // What /proc has about the tree's own processes appears with them.
  const files = dump.files.filter(({ path }) => !tids.has(Number(/^\/proc\/(\d+)(?:\/|$)/.exec(path)?.[1])));
  const complaints = (await Promise.all(files.map(complaint))).filter((each) => each !== undefined);
  if (complaints.length > 0)
    throw new HcError(`files of the process are not the same here:\n${[...new Set(complaints)].join('\n')}`, {
      hint: 'have them travel along (--files DIR of hc-dump and hc-restore), or keep them on storage that both share',
    });
}

/** CRIU compares sizes, too (criu/files-reg.c: "has bad size"), but names one file only. */
async function complaint({ path, size }: OpenFile): Promise<string | undefined> {
  try {
    const actual = (await stat(path)).size;
    if (size === undefined || actual === size) return undefined;
    return `  ${path}: ${actual} bytes, dumped with ${size}`;
  } catch (error) {
    return `  ${systemError(error, path).message}`;
  }
}

function pidsFree({ dump }: Situation): void {
  for (const task of dump.tasks)
    for (const tid of task.tids) {
      // Threads are not listed in /proc, but can be looked up.
      if (!existsSync(`/proc/${tid}`)) continue;
      const owner = Number(statusField(tid, 'Tgid') ?? tid);
      throw new HcError(
        `${name(task)}: its ${tid === task.pid ? 'pid' : 'thread id'} ${tid} is in use here by ${describe(owner)}`,
        {
          hint: pidHint(owner),
        },
      );
    }
}

function pidHint(pid: number): string {
  const stat = readStat(pid);
  if (stat?.state === 'Z') return `it has ended already: its parent, process ${stat.ppid}, must reap it`;
  if (stat && isParked(pid, stat.startTime))
    return `it is parked: the source itself, if this is its machine, or what an interrupted move left behind (hc-notify --resume ${pid}, or kill -9 ${pid})`;
  return 'wait until it has ended, or restore on another machine';
}

function isParked(pid: number, startTime: number): boolean {
  try {
    return parking({ pid, startTime })?.complete ?? false;
  } catch {
    return false;
  }
}

function name({ pid, comm }: Task): string {
  return `process ${pid} (${comm})`;
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`;
}
