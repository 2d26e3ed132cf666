// SPDX-License-Identifier: GPL-3.0-or-later
//
// The state of a parked process as its runtime keeps it: native/runtime/include/hc/abi.h.
import { abi } from '@h-containers/bundle';
import { type Isa, isaOfMachine } from '@h-containers/tool-kit';
import { type Extent, Extents, MAX_PARKED_BYTES, type MemoryReader } from './memory.ts';
import { higher, PAGE_SIZE, pageDown } from './page.ts';
import { hex, refuse } from './refusal.ts';

export type Control = abi.Values<typeof abi.control>;
export type Thread = abi.Values<typeof abi.thread> & { address: bigint };

export interface Parked {
  isa: Isa;
  control: Control;
  /** Live threads, in the order of the program's own list. */
  threads: Thread[];
  /** Blocks that are still in the list after their thread has ended. */
  gone: Thread[];
}

/** In one process. Linux's own limit is 2^22, but each of these costs a native stack. */
const MAX_THREADS = 1 << 16;

const NOT_OURS = 'only programs built by hc-compile can be moved';
const STATES: Record<number, string> = {
  [abi.HC_THREAD_RUNNING]: 'is running',
  [abi.HC_THREAD_PARKED]: 'is parked',
  [abi.HC_THREAD_GONE]: 'is gone',
};

/** Guards a walk along hc_thread.next against circles. */
class ThreadList {
  readonly #who: string;
  readonly #seen = new Set<bigint>();

  constructor(who: string) {
    this.#who = who;
  }

  enter(address: bigint): bigint {
    if (this.#seen.size >= MAX_THREADS || this.#seen.has(address))
      refuse(`${this.#who}: its thread list does not end`);
    this.#seen.add(address);
    return address;
  }
}

/** Picks what a transform needs out of a whole dump; hc-dump ships it as hc/parked-<pid>.img. */
export async function collectExtents(memory: MemoryReader, who: string): Promise<Extents> {
  const page = await memory.read(abi.HC_CONTROL_ADDRESS, Number(PAGE_SIZE));
  const control = readControl(page, who);
  const extents: Extent[] = [{ address: abi.HC_CONTROL_ADDRESS, bytes: page }];
  let total = 0;
  const take = async (address: bigint, length: number) => {
    total += length;
    if (total > MAX_PARKED_BYTES)
      refuse(`${who}: its native stacks take more than ${MAX_PARKED_BYTES >> 20} MiB`);
    const bytes = await memory.read(address, length);
    extents.push({ address, bytes });
    return bytes;
  };
  const visit = async (address: bigint) => {
    const thread = decodeThread(await take(address, abi.sizeOf(abi.thread)), address);
    if (thread.state === abi.HC_THREAD_PARKED) {
      checkStack(thread, who);
      const from = higher(pageDown(thread.sp), thread.native_low);
      await take(from, Number(thread.native_high - from));
    }
    return thread;
  };
  const list = new ThreadList(who);
  for (let address = control.thread_list; address !== 0n; ) address = (await visit(list.enter(address))).next;
  return new Extents(extents);
}

/** Every thread must be parked, and say so in a way that holds together. */
export function readParked(memory: Extents, who: string): Parked {
  const control = readControl(memory.read(abi.HC_CONTROL_ADDRESS, abi.sizeOf(abi.control)), who);
  const threads: Thread[] = [];
  const list = new ThreadList(who);
  for (let address = control.thread_list; address !== 0n; ) {
    const thread = decodeThread(memory.read(list.enter(address), abi.sizeOf(abi.thread)), address);
    threads.push(thread);
    address = thread.next;
  }
  const isGone = ({ state }: Thread) => state === abi.HC_THREAD_GONE;
  return {
    isa: isaOf(control, who),
    control,
    threads: threads.filter((thread) => !isGone(thread)),
    gone: threads.filter(isGone),
  };
}

/** Refuses, naming the thread, unless all stand in the park routine. */
export function checkParked({ control, threads }: Parked, who: string): void {
  if (control.thread_list === 0n) refuse(`${who}: it has not finished starting`, 'try again a moment later');
  for (const thread of threads) {
    const name = `${who}, thread ${thread.tid}`;
    if (thread.state === abi.HC_THREAD_PARKED && thread.in_handler === 0) {
      checkStack(thread, who);
      continue;
    }
    if (thread.in_handler !== 0)
      refuse(
        `${name}: is in a signal handler, which does not park`,
        'stop it with hc-notify before the dump',
      );
    const state = STATES[thread.state] ?? `is in unknown state ${thread.state}`;
    refuse(`${name}: ${state}, not parked`, 'stop it with hc-notify before the dump');
  }
  if (control.request !== abi.HC_PARK)
    refuse(`${who}: is not asked to park`, 'stop it with hc-notify before the dump');
  if (control.threads !== threads.length || control.parked !== threads.length)
    refuse(
      `${who}: counts ${control.threads} threads, ${control.parked} of them parked, but lists ${threads.length}`,
    );
}

function readControl(bytes: Uint8Array, who: string): Control {
  const control = abi.readStruct(abi.control, bytes);
  if (control.magic !== abi.HC_CONTROL_MAGIC)
    refuse(`${who}: no control block at ${hex(abi.HC_CONTROL_ADDRESS)}`, NOT_OURS);
  if (control.version !== abi.HC_ABI_VERSION)
    refuse(
      `${who}: its runtime has ABI version ${control.version}, this tool ${abi.HC_ABI_VERSION}`,
      'use the tools of the version that built the program',
    );
  return control;
}

function isaOf(control: Control, who: string): Isa {
  return (
    isaOfMachine(control.isa) ?? refuse(`${who}: its control block names the unknown ISA ${control.isa}`)
  );
}

function decodeThread(bytes: Uint8Array, address: bigint): Thread {
  return { ...abi.readStruct(abi.thread, bytes), address };
}

function checkStack(thread: Thread, who: string): void {
  const { sp, native_low: low, native_high: high, resume_sp: scratch } = thread;
  const name = `${who}, thread ${thread.tid}`;
  if (!(low <= sp && sp <= high) || high > abi.HC_VDSO_SLOT_END || high % 16n !== 0n)
    refuse(`${name}: stack pointer ${hex(sp)} is not in its native stack ${hex(low)}-${hex(high)}`);
  if (scratch % 16n !== 0n || (low < scratch && scratch < high))
    refuse(`${name}: resume stack ${hex(scratch)} is not usable`);
}
