// SPDX-License-Identifier: GPL-3.0-or-later
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { errorCode, HcError } from '@h-containers/tool-kit';
import { describe } from './proc.ts';

/** Memory of a live process through /proc/PID/mem. */
export class ProcessMemory {
  readonly pid: number;
  readonly #fd: number;

  constructor(pid: number) {
    this.pid = pid;
    this.#fd = openMemory(pid);
  }

  /** Undefined when part of the range isn't mapped, or the process is gone. */
  read(address: bigint | number, length: number): Buffer | undefined {
    const bytes = Buffer.alloc(length);
    try {
      return readSync(this.#fd, bytes, 0, length, BigInt(address)) === length ? bytes : undefined;
    } catch (error) {
      if (errorCode(error) === 'EIO') return undefined;
      throw error;
    }
  }

  write(address: bigint | number, bytes: Buffer): void {
    // The types lack it, but fs.writeSync takes no bigint position; every address here is below 2^38.
    const written = writeSync(this.#fd, bytes, 0, bytes.length, Number(address));
    if (written !== bytes.length) throw new NoMemoryError(`${describe(this.pid)} is gone`);
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** The process is gone, or has never had memory of its own. */
export class NoMemoryError extends HcError {}

function openMemory(pid: number): number {
  try {
    return openSync(`/proc/${pid}/mem`, 'r+');
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT') throw new NoMemoryError(`there is no process ${pid}`, { hint: 'see ps' });
    if (code === 'ESRCH')
      throw new NoMemoryError(`${describe(pid)} has no memory: it has just ended, or belongs to the kernel`);
    if (code === 'EACCES' || code === 'EPERM')
      throw new HcError(`not allowed to look into ${describe(pid)}`, { hint: 'run as root' });
    throw error;
  }
}

/** Runs `work` with the process's memory open. */
export function withMemory<T>(pid: number, work: (memory: ProcessMemory) => T): T {
  const memory = new ProcessMemory(pid);
  try {
    return work(memory);
  } finally {
    memory.close();
  }
}

/** The same for a process that may end at any moment: undefined when it is gone. */
export function withMemoryIfAny<T>(pid: number, work: (memory: ProcessMemory) => T): T | undefined {
  try {
    return withMemory(pid, work);
  } catch (error) {
    if (error instanceof NoMemoryError) return undefined;
    throw error;
  }
}
