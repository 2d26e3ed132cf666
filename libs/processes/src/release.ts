// SPDX-License-Identifier: GPL-3.0-or-later
import { setTimeout as sleep } from 'node:timers/promises';
import { abi } from '@h-containers/bundle';
import { HcError } from '@h-containers/tool-kit';
import { readControl, writeControl } from './control.ts';
import { withMemory, withMemoryIfAny } from './memory.ts';
import { describe, readStat, threadsOf, tracerOf } from './proc.ts';
import { interrupt, send } from './signals.ts';
import { isAlive, parking, type Target } from './target.ts';

type Identity = Pick<Target, 'pid' | 'startTime'>;

const WAKE_MS = 30_000;
const POLL_MS = 5;
const SIGNAL_EVERY_MS = 50;

/**
 * Takes the request to park back and has the threads run on; also out of the stop in which CRIU left them.
 * Processes that are gone are left out: the result lists those that run.
 */
export async function release(targets: readonly Identity[]): Promise<number[]> {
  const alive = targets.filter(isAlive);
  for (const target of alive) await untraced(target);
  for (const { pid } of alive.filter(isAlive)) {
    withMemoryIfAny(pid, (memory) => writeControl(memory, 'request', abi.HC_RUN));
    // A futex waiter does not notice that its word has changed.
    interrupt(pid, threadsOf(pid));
    if (readStat(pid)?.state === 'T') send(pid, 'SIGCONT');
  }
  const deadline = performance.now() + WAKE_MS;
  for (const target of alive) await awake(target, deadline);
  return alive.filter(isAlive).map(({ pid }) => pid);
}

/** CRIU must not be disturbed: killed in the middle it would leave its own code running in the process. */
async function untraced({ pid }: Identity): Promise<void> {
  while (tracerOf(pid) !== 0) await sleep(POLL_MS);
}

async function awake(target: Identity, deadline: number): Promise<void> {
  let nextSignal = performance.now() + SIGNAL_EVERY_MS;
  for (;;) {
    const state = parking(target);
    const asleep = state?.threads.filter((thread) => thread.state === abi.HC_THREAD_PARKED) ?? [];
    if (asleep.length === 0) return;
    if (performance.now() > deadline)
      throw new HcError(
        `${describe(target.pid)}: threads ${asleep.map(({ tid }) => tid).join(', ')} have not left the park routine`,
        { hint: `hc-notify --resume ${target.pid} tries again` },
      );
    if (performance.now() > nextSignal) {
      interrupt(target.pid, threadsOf(target.pid));
      if (readStat(target.pid)?.state === 'T') send(target.pid, 'SIGCONT');
      nextSignal += SIGNAL_EVERY_MS;
    }
    await sleep(POLL_MS);
  }
}

/** For release by hand: any process with a control block, whatever state it is in. */
export function identify(pid: number): Identity {
  const stat = readStat(pid);
  if (!stat) throw new HcError(`there is no process ${pid}`, { hint: 'see ps' });
  const control = withMemory(pid, (memory) => readControl(memory));
  if (control?.magic !== abi.HC_CONTROL_MAGIC)
    throw new HcError(`${describe(pid)} has no control block: it was never parked`);
  return { pid, startTime: stat.startTime };
}
