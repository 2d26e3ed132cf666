// SPDX-License-Identifier: GPL-3.0-or-later
import { setTimeout as sleep } from 'node:timers/promises';
import { abi } from '@h-containers/bundle';
import { cannotMove, HcError } from '@h-containers/tool-kit';
import { writeControl } from './control.ts';
import { withMemoryIfAny } from './memory.ts';
import { describe, processTree, readStat, threadsOf, whereabouts } from './proc.ts';
import { interrupt } from './signals.ts';
import { inspect, isAlive, parking, type Target, type ThreadInfo } from './target.ts';

export interface ParkOptions {
  timeoutMs: number;
  /** With all descendants. */
  tree: boolean;
  signal: AbortSignal;
  /** Told about every process before its flag is set, so that it can be released whatever happens next. */
  onTarget(target: Target): void;
}

export interface ParkedProcess extends Target {
  threads: number[];
}

/** Between looks at the control blocks: parking takes microseconds or a system call's time. */
const POLL_MS = [1, 1, 2, 2, 5, 5, 10, 20];
/** A thread may have entered its system call after the last signal. */
const SIGNAL_EVERY_MS = 50;

/**
 * Has every thread of the given processes park. Descendants may end meanwhile, as they may have before. On failure the
 * caller releases what onTarget was told about.
 */
export async function park(roots: readonly number[], options: ParkOptions): Promise<ParkedProcess[]> {
  const targets = new Map<number, Target>();
  const family = () => (options.tree ? roots.flatMap(processTree) : [...roots]);
  const mayEnd = (pid: number) => !roots.includes(pid);
  // Everything is inspected before anything is touched.
  const request = async () => {
    const fresh: Target[] = [];
    for (const pid of new Set(family())) {
      if (targets.has(pid)) continue;
      const target = await inspectLiving(pid, mayEnd(pid), targets.size > 0);
      if (target) fresh.push(target);
    }
    options.signal.throwIfAborted();
    for (const target of fresh) {
      options.onTarget(target);
      targets.set(target.pid, target);
      withMemoryIfAny(target.pid, (memory) => writeControl(memory, 'request', abi.HC_PARK));
    }
    return fresh.length > 0;
  };
  const living = () =>
    [...targets.values()].filter((target) => {
      if (isAlive(target)) return true;
      if (mayEnd(target.pid)) return false;
      throw new HcError(`${describe(target.pid)} ended before it parked`);
    });
  const deadline = performance.now() + options.timeoutMs;
  do {
    await request();
    await allParked(living, deadline, options);
    // A child forked in the meantime belongs to the tree as well.
  } while (await request());
  return living().map((target) => ({ ...target, threads: threadsOf(target.pid) }));
}

/** How long a descendant may be about to end or to become another program, in which it shows nothing of ours. */
const PASSING_MS = 200;

/** Undefined when it ended, and may. asked: children of those that were asked to park have inherited that. */
async function inspectLiving(pid: number, mayEnd: boolean, asked: boolean): Promise<Target | undefined> {
  const deadline = performance.now() + PASSING_MS;
  for (;;)
    try {
      return await inspect(pid, asked);
    } catch (error) {
      if (!mayEnd) throw error;
      const state = readStat(pid)?.state;
      if (state === undefined || state === 'Z' || state === 'X') return undefined;
      if (performance.now() > deadline) throw error;
      await sleep(5);
    }
}

/** living: the processes that have to park, as they are now. */
async function allParked(
  living: () => readonly Target[],
  deadline: number,
  options: ParkOptions,
): Promise<void> {
  let nextSignal = 0;
  for (let round = 0; ; round++) {
    options.signal.throwIfAborted();
    const waiting = living().filter((target) => !isParked(target));
    if (waiting.length === 0) return;
    const now = performance.now();
    if (now >= deadline) throw notParked(waiting, options.timeoutMs);
    if (now >= nextSignal) {
      for (const { pid } of waiting) interrupt(pid, unparkedThreads(pid, waiting));
      nextSignal = now + SIGNAL_EVERY_MS;
    }
    await sleep(POLL_MS[Math.min(round, POLL_MS.length - 1)]);
  }
}

function isParked(target: Target): boolean {
  return parking(target)?.complete ?? false;
}

function unparkedThreads(pid: number, targets: readonly Target[]): number[] {
  const target = targets.find((each) => each.pid === pid);
  const known = new Map((target && parking(target)?.threads)?.map((thread) => [thread.tid, thread]));
  return threadsOf(pid).filter((tid) => known.get(tid)?.state !== abi.HC_THREAD_PARKED);
}

function notParked(targets: readonly Target[], timeoutMs: number): HcError {
  const lines = targets.flatMap((target) => {
    const state = parking(target);
    const byTid = new Map(state?.threads.map((thread) => [thread.tid, thread]));
    return threadsOf(target.pid)
      .filter((tid) => byTid.get(tid)?.state !== abi.HC_THREAD_PARKED)
      .map(
        (tid) =>
          `  ${describe(target.pid)}, thread ${tid}: ${reason(byTid.get(tid))}; ${whereabouts(target.pid, tid)}`,
      );
  });
  return cannotMove(
    `after ${timeoutMs / 1000} s these threads have not parked:\n${lines.join('\n')}`,
    'try again with a longer --timeout; the processes run on',
  );
}

function reason(thread: ThreadInfo | undefined): string {
  if (!thread) return "not in the program's thread list yet";
  if (thread.in_handler > 0) return 'in a signal handler, which does not park';
  if (thread.in_syscall > 0) return `in blocking system call ${thread.in_syscall - 1}`;
  return 'reached no migration point';
}
