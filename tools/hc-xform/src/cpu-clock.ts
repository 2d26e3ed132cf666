// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import type { Timers } from '@h-containers/tool-kit';

/**
 * CPU time of this thread in milliseconds: what a transform costs, however busy the machine is. Node has no call for it
 * before version 23. Linux: Documentation/scheduler/sched-stats.rst, "/proc/<pid>/schedstat".
 */
function threadCpuMs(): number {
  try {
    return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'latin1').split(' ')[0]) / 1e6;
  } catch {
    return performance.now();
  }
}

/** Runs work that moves no bytes, and adds its CPU time to the phase "cpu". */
export function ownWork<T>(timers: Timers, work: () => T): T {
  const before = threadCpuMs();
  try {
    return work();
  } finally {
    timers.add('cpu', threadCpuMs() - before);
  }
}
