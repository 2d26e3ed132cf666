// SPDX-License-Identifier: GPL-3.0-or-later
//
// The smallest dump that a transform takes: one process with one thread, three calls deep, and its program. hc-xform
// rehearses with it.
import { abi, encodeSites, type SiteTables } from '@h-containers/bundle';
import {
  type CoreEntry,
  encodeImage,
  encodePagemap,
  type MmEntry,
  newImage,
  PE_PRESENT,
  type VmaEntry,
} from '@h-containers/criu-images';
import { type Isa, machineOfIsa } from '@h-containers/tool-kit';
import { convertCore } from './core.ts';
import { encodeExtents, parkedName } from './memory.ts';
import { VMA } from './vmas.ts';

export const SAMPLE_ID = '00'.repeat(20);
export const SAMPLE_SIZE = 4096;

const PAGE = 4096;
const PID = 1;
const THREAD = abi.HC_STACK_ARENA;
const LOW = abi.HC_STACK_ARENA + 0x10000n;
const HIGH = LOW + 0x1000n;
const TP = THREAD + 0x800n;
const FOWN = { uid: 0, euid: 0, signum: 0, pid_type: 0, pid: 0 };
/** One frame size on both ISAs: enough for a stack to be rebuilt. */
const FRAME = { nativeFrame: 32, returnSlot: -8, dataFrame: 0, dynamic: false };
const CALLS = [2, 1, 0];
const addressOf = (id: number) => abi.HC_IMAGE_ADDRESS + BigInt(0x100 * (id + 1));

export function sampleSites(): Buffer {
  const table = CALLS.map((id) => ({ address: addressOf(id), id, ...FRAME }));
  const tables: SiteTables = { 'x86-64': table, aarch64: table };
  return encodeSites(tables);
}

/** Members in streaming order. */
export function sampleDump(isa: Isa): Map<string, Buffer> {
  const control = controlPage(isa);
  const stack = stackPage();
  const thread = threadBlock();
  const first = Buffer.alloc(PAGE);
  first.set(thread);
  const extents = [
    { address: abi.HC_CONTROL_ADDRESS, bytes: control },
    { address: THREAD, bytes: thread },
    { address: LOW, bytes: stack },
  ];
  const range = (start: bigint) => ({ start, pages: 1, flags: PE_PRESENT, offset: undefined });
  const pagemap = `pagemap-${PID}.img`;
  const ranges = [range(abi.HC_CONTROL_ADDRESS), range(THREAD), range(LOW)];
  const tree = { pid: PID, ppid: 0, pgid: PID, sid: PID, threads: [PID] };
  return new Map([
    ['pstree.img', encodeImage(newImage('pstree', 'pstree.img', [tree]))],
    [`core-${PID}.img`, encodeImage(newImage('core', `core-${PID}.img`, [core(isa)]))],
    [`mm-${PID}.img`, encodeImage(newImage('mm', `mm-${PID}.img`, [mm()]))],
    [pagemap, encodePagemap({ name: pagemap, pagesId: 1, ranges })],
    ['files.img', encodeImage(newImage('files', 'files.img', [executable(isa)]))],
    [parkedName(PID), encodeExtents(extents)],
    ['pages-1.img', Buffer.concat([control, first, stack])],
  ]);
}

function controlPage(isa: Isa): Buffer {
  const page = Buffer.alloc(PAGE);
  abi.writeStruct(abi.control, page, {
    magic: abi.HC_CONTROL_MAGIC,
    request: abi.HC_PARK,
    version: abi.HC_ABI_VERSION,
    isa: machineOfIsa(isa),
    threads: 1,
    parked: 1,
    thread_list: THREAD,
    resume: addressOf(9),
  });
  return page;
}

function threadBlock(): Buffer {
  const bytes = Buffer.alloc(abi.sizeOf(abi.thread));
  const sp = HIGH - BigInt((CALLS.length - 1) * FRAME.nativeFrame);
  const bounds = { native_low: LOW, native_high: HIGH, resume_sp: LOW, tp: TP };
  abi.writeStruct(abi.thread, bytes, {
    tid: PID,
    state: abi.HC_THREAD_PARKED,
    sp,
    pc: addressOf(2),
    ...bounds,
  });
  return bytes;
}

function stackPage(): Buffer {
  const page = Buffer.alloc(PAGE);
  for (const [i, id] of CALLS.toReversed().slice(0, -1).entries())
    page.writeBigUInt64LE(addressOf(id), PAGE - i * FRAME.nativeFrame + FRAME.returnSlot);
  return page;
}

function core(isa: Isa): CoreEntry {
  const tc = {
    task_state: 1,
    exit_code: 0,
    personality: 0,
    flags: 0,
    blk_sigset: 0n,
    comm: 'sample',
    sigactions: [{ sigaction: 1n, flags: 0n, restorer: 1n, mask: 0n }],
  };
  const thread_core = { futex_rla: 0n, futex_rla_len: 0 };
  const blank = { gpregs: { regs: [], sp: 0n, pc: 0n, pstate: 0n }, fpsimd: { vregs: [], fpsr: 0, fpcr: 0 } };
  const any = { mtype: 0, tc, thread_core, ti_aarch64: { clear_tid_addr: 0n, tls: 0n, ...blank } };
  return convertCore(any, isa, { pc: 0n, sp: 0n, tp: TP });
}

function mm(): MmEntry {
  const anonymous = {
    pgoff: 0n,
    shmid: 0n,
    prot: 3,
    flags: 0x22,
    status: 1 | VMA.ANON_PRIVATE,
    fd: -1n,
    madv: 0n,
  };
  const file = { ...anonymous, shmid: 1n, status: 1 | VMA.FILE_PRIVATE };
  const vma = (start: bigint, pages: number, kind: Omit<VmaEntry, 'start' | 'end'>): VmaEntry => ({
    start,
    end: start + BigInt(pages * PAGE),
    ...kind,
  });
  const [code, stack] = [abi.HC_IMAGE_ADDRESS, HIGH];
  return {
    mm_start_code: code,
    mm_end_code: code,
    mm_start_data: code,
    mm_end_data: code,
    mm_start_stack: stack,
    mm_start_brk: code,
    mm_brk: code,
    mm_arg_start: stack,
    mm_arg_end: stack,
    mm_env_start: stack,
    mm_env_end: stack,
    exe_file_id: 1,
    mm_saved_auxv: [6n, 4096n, 33n, abi.HC_VDSO_SLOT, 0n, 0n],
    vmas: [
      vma(abi.HC_CONTROL_ADDRESS, 1, file),
      vma(abi.HC_IMAGE_ADDRESS, 1, { ...file, prot: 5 }),
      vma(THREAD, 1, anonymous),
      vma(LOW, 1, anonymous),
      vma(abi.HC_VDSO_SLOT, 1, { ...anonymous, prot: 5, status: 1 | VMA.VDSO }),
    ],
    aios: [],
  };
}

function executable(isa: Isa) {
  const reg = { id: 1, flags: 0, pos: 0n, fown: FOWN, name: `/sample/${isa}/app`, size: BigInt(SAMPLE_SIZE) };
  return { type: 1, id: 1, reg: { ...reg, build_id: [0, 0, 0, 0, 0] } };
}
