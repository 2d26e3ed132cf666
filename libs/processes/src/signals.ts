// SPDX-License-Identifier: GPL-3.0-or-later
import { abi } from '@h-containers/bundle';
import { errorCode } from '@h-containers/tool-kit';
import { native } from './native.ts';
import { catches } from './proc.ts';

/** Interrupts the system call a thread sits in. Without the runtime's handler the signal would kill, so it is not sent. */
export function interrupt(pid: number, tids: readonly number[]): void {
  if (!catches(pid, abi.HC_SIGNAL)) return;
  // A thread that is gone by now needs no signal.
  for (const tid of tids) native().tgkill(pid, tid, abi.HC_SIGNAL);
}

/** To a process that may have ended meanwhile: then there is nothing to tell. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error;
  }
}
