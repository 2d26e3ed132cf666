// SPDX-License-Identifier: GPL-3.0-or-later
//
// A parked task's control block, thread blocks and native stacks, for the other ISA.
import { abi } from '@h-containers/bundle';
import { type Isa, machineOfIsa } from '@h-containers/tool-kit';
import { type Start, threadPointer } from './core.ts';
import type { Task } from './dump.ts';
import { type Extent, Extents, MAX_PARKED_BYTES } from './memory.ts';
import type { CallSites } from './native.ts';
import { higher, lastAt, pageDown, pageUp } from './page.ts';
import type { PageEdits, Write } from './pages.ts';
import { checkParked, type Parked, readParked, type Thread } from './parked.ts';
import { memoryOf } from './program.ts';
import { hex, refuse } from './refusal.ts';
import { fateOf, isPlainMemory } from './vmas.ts';

/** A thread with its call chain. */
export interface Stack {
  thread: Thread;
  /** Call-site ids, innermost first; the last is 0. */
  ids: Uint32Array;
}

export interface Rebuilt {
  parked: Parked;
  stacks: Stack[];
  edits: PageEdits;
  /** By tid: where each thread starts. */
  starts: Map<number, Start>;
  /** What hc/parked-<pid>.img holds from now on. */
  extents: Extents;
}

/** Reads and checks: every thread of the task is parked and its stack consists of known calls. */
export function walkStacks(
  task: Task,
  memory: Extents,
  isa: Isa,
  sites: CallSites,
): { parked: Parked; stacks: Stack[] } {
  const parked = readParked(memory, task.who);
  if (parked.isa !== isa)
    refuse(`${task.who}: its control block says ${parked.isa}, but the images are from ${isa}`);
  checkParked(parked, task.who);
  matchThreads(task, parked);
  const stacks = parked.threads.map((thread) => {
    const { sp, pc, native_high: high } = thread;
    const bytes = memory.read(sp, Number(high - sp));
    return { thread, ids: sites.walk(isa, bytes, sp, pc, `${task.who}, thread ${thread.tid}`) };
  });
  return { parked, stacks };
}

/** The kernel's threads and the program's own list must be the same. */
function matchThreads(task: Task, { threads }: Parked): void {
  const listed = new Map(threads.map((thread) => [thread.tid, thread]));
  if (listed.size !== threads.length) refuse(`${task.who}: lists a thread twice`);
  for (const { tid, core } of task.threads) {
    const thread = listed.get(tid);
    if (!thread)
      refuse(
        `${task.who}: thread ${tid} is not in the program's thread list`,
        'it was not made by the program itself',
      );
    const tp = threadPointer(core);
    if (tp !== thread.tp)
      refuse(`${task.who}, thread ${tid}: thread pointer ${hex(tp ?? 0n)} instead of ${hex(thread.tp)}`);
    listed.delete(tid);
  }
  for (const tid of listed.keys()) refuse(`${task.who}: thread ${tid} is in its list, but not in the images`);
}

export function rebuildTask(task: Task, memory: Extents, from: Isa, to: Isa, sites: CallSites): Rebuilt {
  const vmas = memoryOf(task).mm.vmas.filter((vma) => fateOf(vma) === 'keep');
  const { parked, stacks } = walkStacks(task, memory, from, sites);
  const control = controlWrites(parked, to);
  const extents: Extent[] = [
    patched(memory.read(abi.HC_CONTROL_ADDRESS, 4096), abi.HC_CONTROL_ADDRESS, control),
  ];
  const write: Write[] = [...control];
  const starts = new Map<number, Start>();
  for (const { thread, ids } of stacks) {
    const { native_low: low, native_high: high, tid, tp, resume_sp: sp, address } = thread;
    const who = `${task.who}, thread ${tid}`;
    if (!isPlainMemory(vmas, pageDown(low), pageUp(high)))
      refuse(`${who}: its native stack ${hex(low)}-${hex(high)} is not a private mapping of its own`);
    const room = higher(low, high - BigInt(MAX_PARKED_BYTES));
    const rebuilt = sites.rebuild(to, ids, high, room, who);
    const block = [
      field(abi.thread, address, 'sp', rebuilt.sp),
      field(abi.thread, address, 'pc', rebuilt.pc),
    ];
    // From the beginning of the page: below the stack pointer there are zeros, whatever was there before.
    const page = pageDown(rebuilt.sp);
    const start = higher(page, low);
    const stack = {
      address: start,
      bytes: Buffer.concat([Buffer.alloc(Number(rebuilt.sp - start)), rebuilt.stack]),
    };
    write.push(...block, stack);
    extents.push(patched(memory.read(address, abi.sizeOf(abi.thread)), address, block), stack);
    starts.set(tid, { pc: parked.control.resume, sp, tp });
  }
  for (const { address } of parked.gone)
    extents.push({ address, bytes: memory.read(address, abi.sizeOf(abi.thread)) });
  checkApart(stacks, task.who);
  const drop = stacks.map(({ thread }) => ({
    start: pageUp(thread.native_low),
    end: pageDown(thread.native_high),
  }));
  return { parked, stacks, starts, edits: { drop, write }, extents: new Extents(extents) };
}

/** Native stacks that overlap each other or a thread block would overwrite it. */
function checkApart(stacks: readonly Stack[], who: string): void {
  const ranges = stacks
    .map(({ thread }) => ({ start: thread.native_low, end: thread.native_high, tid: thread.tid }))
    .sort((a, b) => (a.start < b.start ? -1 : 1));
  for (const [i, { end, tid }] of ranges.entries()) {
    const next = ranges[i + 1];
    if (next && next.start < end)
      refuse(`${who}: the native stacks of threads ${tid} and ${next.tid} overlap`);
  }
  for (const { thread } of stacks) {
    const range = lastAt(ranges, thread.address);
    if (range && thread.address < range.end)
      refuse(
        `${who}, thread ${thread.tid}: its thread block lies in the native stack of thread ${range.tid}`,
      );
  }
}

function controlWrites({ control }: Parked, to: Isa): Write[] {
  const put = <K extends keyof typeof abi.control>(name: K, value: abi.Values<typeof abi.control>[K]) =>
    field(abi.control, abi.HC_CONTROL_ADDRESS, name, value);
  return [
    put('isa', machineOfIsa(to)),
    put('generation', (control.generation + 1) >>> 0),
    // The old vDSO stays behind; hc-restore says where the new one is.
    put('vdso', 0n),
  ];
}

function field<L extends abi.Layout, K extends keyof L & string>(
  layout: L,
  at: bigint,
  name: K,
  value: abi.Values<L>[K],
): Write {
  const entry = layout[name];
  if (!entry) throw new TypeError(`no field ${name}`);
  const [offset, type] = entry;
  const bytes = Buffer.alloc(type === 'u64' ? 8 : 4);
  if (typeof value === 'bigint') bytes.writeBigUInt64LE(value);
  else bytes.writeUInt32LE(value);
  return { address: at + BigInt(offset), bytes };
}

function patched(bytes: Uint8Array, address: bigint, writes: readonly Write[]): Extent {
  const copy = Buffer.from(bytes);
  for (const write of writes) copy.set(write.bytes, Number(write.address - address));
  return { address, bytes: copy };
}
