// SPDX-License-Identifier: GPL-3.0-or-later
// The control block and the thread list of a live process (native/runtime/include/hc/abi.h).
import { abi } from '@h-containers/bundle';
import { HcError } from '@h-containers/tool-kit';
import { NoMemoryError, type ProcessMemory } from './memory.ts';
import { describe } from './proc.ts';

export type Control = abi.Values<typeof abi.control>;
export type Thread = abi.Values<typeof abi.thread> & { address: bigint };

/** No program has more threads; a longer list is a damaged one. */
const MAX_THREADS = 1 << 20;

/** The control block, or undefined when there is no such page. */
export function readControl(memory: ProcessMemory): Control | undefined {
  const bytes = memory.read(abi.HC_CONTROL_ADDRESS, abi.sizeOf(abi.control));
  return bytes && abi.readStruct(abi.control, bytes);
}

export type ControlField = 'request' | 'vdso';

export function writeControl(memory: ProcessMemory, field: ControlField, value: number | bigint): void {
  const [offset, type] = abi.control[field];
  const bytes = Buffer.alloc(type === 'u64' ? 8 : 4);
  if (type === 'u64') bytes.writeBigUInt64LE(BigInt(value));
  else bytes.writeUInt32LE(Number(value));
  memory.write(abi.HC_CONTROL_ADDRESS + BigInt(offset), bytes);
}

/** The program's own list of its threads, those that are gone included. */
export function readThreads(memory: ProcessMemory, control: Control): Thread[] {
  const threads: Thread[] = [];
  for (let address = control.thread_list; address !== 0n; ) {
    const bytes = memory.read(address, abi.sizeOf(abi.thread));
    // Unless all of it is gone: a process may end between two looks.
    if (!bytes && !readControl(memory)) throw new NoMemoryError(`${describe(memory.pid)} is gone`);
    if (!bytes || threads.length >= MAX_THREADS)
      throw new HcError(`${describe(memory.pid)}: its thread list is damaged at 0x${address.toString(16)}`);
    const thread = abi.readStruct(abi.thread, bytes);
    threads.push({ ...thread, address });
    address = thread.next;
  }
  return threads;
}
