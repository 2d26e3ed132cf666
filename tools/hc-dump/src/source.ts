// SPDX-License-Identifier: GPL-3.0-or-later
// What hc-dump is asked to dump, and what becomes of it.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  describe,
  identify,
  isAlive,
  parking,
  processTree,
  release,
  type Target,
} from '@h-containers/processes';
import { cannotMove, HcError } from '@h-containers/tool-kit';

export type Process = Pick<Target, 'pid' | 'startTime'>;

export interface Source {
  /** CRIU dumps a tree from its root. */
  root: number;
  processes: Process[];
  /** When the last thread parked, by this machine's clock: the down time starts here. */
  parkedAt: string;
}

export function pidsOf({ processes }: Source): number[] {
  return processes.map(({ pid }) => pid);
}

const NOTIFY_HINT = 'run it as: hc-notify PID | hc-dump';

/** From hc/hc-notify.json, which another program wrote: nothing in it is taken for granted. */
export function sourceOf(record: unknown): Source {
  const { pid, processes, parkedAt } = Object(record) as Record<string, unknown>;
  const parsed = Array.isArray(processes) ? processes.map(processOf) : [];
  const valid = parsed.filter((each) => each !== undefined);
  if (
    typeof pid !== 'number' ||
    valid.length === 0 ||
    valid.length !== parsed.length ||
    typeof parkedAt !== 'string'
  )
    throw new HcError('hc/hc-notify.json is damaged', { hint: NOTIFY_HINT });
  return { root: pid, processes: valid, parkedAt };
}

function processOf(value: unknown): Process | undefined {
  const { pid, startTime } = Object(value) as Record<string, unknown>;
  const usable = Number.isSafeInteger(pid) && Number(pid) > 1 && Number.isSafeInteger(startTime);
  return usable ? { pid: Number(pid), startTime: Number(startTime) } : undefined;
}

/** Without hc-notify's record: a process that is parked already. */
export function sourceByPid(root: number): Source {
  return { root, processes: processTree(root).map(identify), parkedAt: new Date().toISOString() };
}

/** Since hc-notify looked, processes may have been released, killed or started. */
export function checkParked({ root, processes }: Source): void {
  for (const process of processes) {
    if (!isAlive(process)) throw new HcError(`process ${process.pid} has ended`, { hint: NOTIFY_HINT });
    if (!parking(process)?.complete) throw cannotMove(`${describe(process.pid)} is not parked`, NOTIFY_HINT);
  }
  const known = new Set(processes.map(({ pid }) => pid));
  const stranger = processTree(root).find((pid) => !known.has(pid));
  if (stranger !== undefined)
    throw cannotMove(`${describe(stranger)} belongs to the tree of ${root}, but was not parked`, NOTIFY_HINT);
  const outside = processes.find(({ pid }) => !processTree(root).includes(pid));
  if (outside)
    throw cannotMove(
      `${describe(outside.pid)} is not a descendant of ${root}`,
      'CRIU dumps one tree at a time: run hc-notify and hc-dump once for each',
    );
}

const DEATH_MS = 30_000;

/** CRIU has killed it. */
export async function ended({ processes }: Source): Promise<void> {
  const deadline = performance.now() + DEATH_MS;
  while (processes.some(isAlive)) {
    if (performance.now() > deadline)
      throw new HcError(`process ${processes.find(isAlive)?.pid} does not die`);
    await sleep(5);
  }
}

/** Has the source run on. */
export async function resume({ processes }: Source): Promise<number[]> {
  return release(processes);
}
