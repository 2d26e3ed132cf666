// SPDX-License-Identifier: GPL-3.0-or-later
// The processes CRIU has made here.
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, isAlive, readStat, release, send, type Target } from '@h-containers/processes';
import { HcError } from '@h-containers/tool-kit';

export type Process = Pick<Target, 'pid' | 'startTime'>;

/** Processes of the dump that exist here. The check that their pids were free came first: they are ours. */
export function created(pids: readonly number[]): Process[] {
  return pids.flatMap((pid) => {
    const stat = readStat(pid);
    return stat ? [{ pid, startTime: stat.startTime }] : [];
  });
}

/** What is gone before it was started did not survive its restoring. */
export function checkAlive(processes: readonly Process[]): void {
  const dead = processes.find((process) => !isAlive(process));
  if (dead)
    throw new HcError(`process ${dead.pid} was restored, but ended at once`, {
      hint: 'see dmesg; hc-xform --check tells whether the images fit',
    });
}

/**
 * Lets them run. From here on a process may well be through with its work at once, which is no failure: it must not run a
 * second time at the source.
 */
export async function start(processes: readonly Process[]): Promise<void> {
  await release(processes);
}

const KILL_MS = 10_000;

/** Removes every trace: the source runs on. */
export async function remove(processes: readonly Process[]): Promise<void> {
  for (const { pid } of processes.filter(isAlive)) send(pid, 'SIGKILL');
  const deadline = performance.now() + KILL_MS;
  for (const process of processes)
    while (isAlive(process)) {
      if (performance.now() > deadline) throw new HcError(`${describe(process.pid)} does not die`);
      await sleep(5);
    }
}
