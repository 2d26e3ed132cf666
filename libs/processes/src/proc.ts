// SPDX-License-Identifier: GPL-3.0-or-later
// What proc(5) says about a process. A process that is gone is `undefined` or an empty list, never an exception.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Stat {
  pid: number;
  comm: string;
  /** R S D T t Z X, see proc(5). */
  state: string;
  ppid: number;
  /** Clock ticks since boot: with the pid, the identity of a process. */
  startTime: number;
}

/** Contents of a file below /proc, or undefined when the process is gone or out of bounds. */
export function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'latin1');
  } catch {
    return undefined;
  }
}

export function parseStat(text: string): Stat {
  // comm may hold spaces and parentheses: only the last ')' ends it.
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  const fields = text.slice(close + 2).split(' ');
  return {
    pid: Number(text.slice(0, open)),
    comm: text.slice(open + 1, close),
    state: fields[0] ?? '?',
    ppid: Number(fields[1]),
    startTime: Number(fields[19]),
  };
}

/** Of a process, or with tid of one of its threads. */
export function readStat(pid: number, tid?: number): Stat | undefined {
  const text = readProc(tid === undefined ? `${pid}/stat` : `${pid}/task/${tid}/stat`);
  return text === undefined ? undefined : parseStat(text);
}

export function statusField(pid: number, name: string): string | undefined {
  const line = readProc(`${pid}/status`)?.match(new RegExp(`^${name}:\\s*(.*)$`, 'm'));
  return line?.[1];
}

/** Pid of the debugger or of CRIU, 0 when there is none. */
export function tracerOf(pid: number): number {
  return Number(statusField(pid, 'TracerPid') ?? 0);
}

/** Whether the process has a handler for a signal (proc(5), SigCgt): without one a real-time signal would kill it. */
export function catches(pid: number, signal: number): boolean {
  const mask = statusField(pid, 'SigCgt');
  return mask !== undefined && ((BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n) === 1n;
}

function entries(path: string): number[] {
  try {
    return readdirSync(`/proc/${path}`)
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .sort((a, b) => a - b);
  } catch {
    return [];
  }
}

export function threadsOf(pid: number): number[] {
  return entries(`${pid}/task`);
}

export function allPids(): number[] {
  return entries('.');
}

/** Children of every thread of a process (CONFIG_PROC_CHILDREN, which CRIU needs as well). */
export function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((tid) =>
    (readProc(`${pid}/task/${tid}/children`) ?? '').split(' ').filter(Boolean).map(Number),
  );
}

/** The process and all its descendants, parents first. Zombies have nothing to move and are left out. */
export function processTree(root: number): number[] {
  const pids = [root];
  for (const pid of pids) {
    for (const child of childrenOf(pid)) if (readStat(child)?.state !== 'Z') pids.push(child);
  }
  return pids;
}

/** Path of the executable as the process sees it, ' (deleted)' included; undefined when gone or not permitted. */
export function executableOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return undefined;
  }
}

/** How a process is named in messages. */
export function describe(pid: number): string {
  const path = executableOf(pid) ?? readStat(pid)?.comm;
  return path === undefined ? `process ${pid}` : `process ${pid} (${path})`;
}

/** Where the kernel says a thread is: for messages about threads that do not park. */
export function whereabouts(pid: number, tid: number): string {
  const stat = readStat(pid, tid);
  const wchan = readProc(`${pid}/task/${tid}/wchan`)?.trim();
  const call = readProc(`${pid}/task/${tid}/syscall`)?.trim().split(' ')[0];
  const parts = [
    stat && `state ${stat.state}`,
    call && (call === 'running' ? 'running' : Number(call) >= 0 && `in system call ${call}`),
    wchan && wchan !== '0' && `waiting in ${wchan}`,
  ];
  return parts.filter(Boolean).join(', ') || 'gone';
}
