// SPDX-License-Identifier: GPL-3.0-or-later
// Images of a parked process tree as CRIU 3.17.1 writes them, put together by hand. The program is not a real one:
// what its memory holds is random, but for the control block, thread blocks and native stacks.
import { abi, type SiteTables } from '@h-containers/bundle';
import {
  type CoreEntry,
  encodeImage,
  encodePagemap,
  type FileEntry,
  type MmEntry,
  newImage,
  type PageRange,
  PE_PRESENT,
  type VmaEntry,
} from '@h-containers/criu-images';
import { type Isa, machineOfIsa } from '@h-containers/tool-kit';
import { convertCore, encodeExtents, VMA } from '../src/index.ts';
import { modelStack } from './make-program.ts';
import { makeRandom, type Random } from './random.ts';

export interface ThreadSpec {
  tid: number;
  calls: number[];
}

export interface DumpSpec {
  isa: Isa;
  bundleId: string;
  fileSize: number;
  tables: SiteTables;
  executable: string;
  tasks: { pid: number; ppid: number; threads: ThreadSpec[] }[];
  /** Pages of heap in each task. */
  heapPages?: number;
  /** With hc/parked-<pid>.img, as hc-dump writes them. */
  parked?: boolean;
  seed?: number;
  /** Last changes, before anything is encoded. */
  change?: (parts: TaskParts) => void;
}

export interface TaskParts {
  pid: number;
  cores: Map<number, CoreEntry>;
  mm: MmEntry;
  memory: Memory;
  files: FileEntry[];
}

export const PAGE = 4096;
export const RESUME = 0x400100n;
const TEXT = { start: 0x400000n, end: 0x420000n };
const HEAP = 0x2000000000n;
const FOWN = { uid: 0, euid: 0, signum: 0, pid_type: 0, pid: 0 };

/** Sparse memory; pages come into being when they are written. */
export class Memory {
  readonly pages = new Map<bigint, Buffer>();

  write(address: bigint, bytes: Uint8Array): void {
    for (const [i, byte] of bytes.entries()) {
      const at = address + BigInt(i);
      const page = at - (at % BigInt(PAGE));
      const contents = this.pages.get(page) ?? Buffer.alloc(PAGE);
      contents[Number(at - page)] = byte;
      this.pages.set(page, contents);
    }
  }

  read(address: bigint, length: number): Buffer {
    const bytes = Buffer.alloc(length);
    for (let i = 0; i < length; i++) {
      const at = address + BigInt(i);
      const page = at - (at % BigInt(PAGE));
      bytes[i] = this.pages.get(page)?.[Number(at - page)] ?? 0;
    }
    return bytes;
  }

  encode(): { ranges: PageRange[]; file: Buffer } {
    const ranges: PageRange[] = [];
    const parts: Buffer[] = [];
    for (const start of [...this.pages.keys()].sort((a, b) => (a < b ? -1 : 1))) {
      const last = ranges.at(-1);
      if (last && last.start + BigInt(last.pages * PAGE) === start) last.pages++;
      else ranges.push({ start, pages: 1, flags: PE_PRESENT, offset: parts.length * PAGE });
      parts.push(this.pages.get(start) ?? Buffer.alloc(PAGE));
    }
    return { ranges, file: Buffer.concat(parts) };
  }
}

/** Members of the dump by name, in streaming order. */
export function makeDump(spec: DumpSpec): Map<string, Buffer> {
  const random = makeRandom(spec.seed ?? 1);
  const small = new Map<string, Buffer>();
  const pages = new Map<string, Buffer>();
  const files = openFiles(spec);
  small.set(
    'inventory.img',
    encodeImage(newImage('inventory', 'inventory.img', [{ img_version: 2, fdinfo_per_id: true }])),
  );
  const tree = spec.tasks.map(({ pid, ppid, threads }) => ({
    pid,
    ppid,
    pgid: pid,
    sid: pid,
    threads: threads.map(({ tid }) => tid),
  }));
  small.set('pstree.img', encodeImage(newImage('pstree', 'pstree.img', tree)));
  for (const [index, task] of spec.tasks.entries()) {
    const parts: TaskParts = { pid: task.pid, ...makeTask(spec, task, random), files };
    spec.change?.(parts);
    for (const [tid, core] of parts.cores)
      small.set(`core-${tid}.img`, encodeImage(newImage('core', `core-${tid}.img`, [core])));
    small.set(`mm-${task.pid}.img`, encodeImage(newImage('mm', `mm-${task.pid}.img`, [parts.mm])));
    const { ranges, file } = parts.memory.encode();
    const name = `pagemap-${task.pid}.img`;
    small.set(name, encodePagemap({ name, pagesId: index + 1, ranges }));
    small.set(`fdinfo-${index + 1}.img`, fdinfo(`fdinfo-${index + 1}.img`));
    pages.set(`pages-${index + 1}.img`, file);
    if (spec.parked) small.set(`hc/parked-${task.pid}.img`, parkedFile(parts.memory, task.threads));
  }
  small.set('files.img', encodeImage(newImage('files', 'files.img', files)));
  small.set('tun-9.img', random.bytes(50)); // of no kind we know
  return new Map([...small, ...pages]);
}

function openFiles({ executable, bundleId, fileSize, isa }: DumpSpec): FileEntry[] {
  const largefile = isa === 'x86-64' ? 0x8000 : 0x20000;
  const words = Buffer.from(bundleId, 'hex');
  const build_id = Array.from({ length: words.length / 4 }, (_, i) => words.readUInt32LE(i * 4));
  const reg = {
    id: 1,
    flags: largefile,
    pos: 0n,
    fown: FOWN,
    name: executable,
    size: BigInt(fileSize),
    build_id,
  };
  return [
    { type: 1, id: 1, reg },
    { type: 2, id: 2, pipe: { id: 2, pipe_id: 77, flags: 1 | largefile, fown: FOWN } },
    { type: 1, id: 3, reg: { ...reg, id: 3, name: '/data/out', size: 100n, pos: 42n, build_id: [] } },
  ];
}

function fdinfo(name: string): Buffer {
  const entries = [
    { id: 2, flags: 0, type: 2, fd: 0 },
    { id: 3, flags: 0, type: 1, fd: 5 },
  ];
  return encodeImage(newImage('fdinfo', name, entries));
}

function vma(start: bigint, end: bigint, more: Partial<VmaEntry> = {}): VmaEntry {
  const status = 1 | VMA.ANON_PRIVATE;
  return { start, end, pgoff: 0n, shmid: 0n, prot: 3, flags: 0x22, status, fd: -1n, madv: 0n, ...more };
}

/** Each thread has its block, a scratch stack and a native stack at a place of its own in the stack arena. */
function placesOf(index: number) {
  const base = abi.HC_STACK_ARENA + BigInt(index) * 0x100000n;
  return { base, block: base + 0x40n, scratch: base + 0x3000n, low: base + 0x4000n, high: base + 0x80000n };
}

function makeTask(spec: DumpSpec, { pid, threads }: DumpSpec['tasks'][number], random: Random) {
  const memory = new Memory();
  const tables = spec.tables[spec.isa];
  const cores = new Map<number, CoreEntry>();
  const control = Buffer.alloc(abi.sizeOf(abi.control));
  const list = threads.map((_, index) => placesOf(index).block);
  abi.writeStruct(abi.control, control, {
    magic: abi.HC_CONTROL_MAGIC,
    request: abi.HC_PARK,
    version: abi.HC_ABI_VERSION,
    isa: machineOfIsa(spec.isa),
    generation: 6,
    threads: threads.length,
    parked: threads.length,
    thread_list: list[0] ?? 0n,
    resume: RESUME,
    vdso: 0x7fff0000n,
  });
  memory.write(abi.HC_CONTROL_ADDRESS, control);
  for (const [index, { tid, calls }] of threads.entries()) {
    const { block, scratch, low, high } = placesOf(index);
    const { sp, pc, bytes } = modelStack(tables, calls, high);
    memory.write(sp, bytes);
    const tp = HEAP + BigInt(index * 0x100);
    const thread = Buffer.alloc(abi.sizeOf(abi.thread));
    const bounds = { native_low: low, native_high: high, resume_sp: scratch, tp };
    const state = abi.HC_THREAD_PARKED;
    abi.writeStruct(abi.thread, thread, {
      next: list[index + 1] ?? 0n,
      tid,
      state,
      sp,
      pc,
      ...bounds,
      in_syscall: 36,
    });
    memory.write(block, thread);
    cores.set(tid, makeCore(spec.isa, tid === pid, tp));
  }
  for (let page = 0; page < (spec.heapPages ?? 4); page++)
    memory.write(HEAP + BigInt(page * PAGE), random.bytes(64));
  // The page that CRIU pokes a system call into.
  memory.write(TEXT.start, Buffer.from('0f05cc', 'hex'));
  return { cores, memory, mm: makeMm(spec, threads.length, memory) };
}

function makeCore(isa: Isa, leader: boolean, tp: bigint): CoreEntry {
  const core: CoreEntry = {
    mtype: 0,
    thread_info: undefined,
    thread_core: { futex_rla: 0x2000000010n, futex_rla_len: 24, blk_sigset: 0x200n },
  };
  if (leader)
    core.tc = {
      task_state: 1,
      exit_code: 0,
      personality: 0,
      flags: 0x400000,
      blk_sigset: 0n,
      comm: 'prog',
      sigactions: [{ sigaction: 0x400200n, flags: 0x04000000n, restorer: 0x400300n, mask: 0n }],
    };
  if (leader) core.ids = { vm_id: 1, files_id: 1, fs_id: 1, sighand_id: 1 };
  // Start from any registers: converting gives the target's.
  const seeded = { ...core, ti_aarch64: { clear_tid_addr: 0x2000000090n } } as CoreEntry;
  return convertCore(seeded, isa, { pc: 0x400500n, sp: 0x1000000800n, tp });
}

function makeMm({ isa }: DumpSpec, threads: number, memory: Memory): MmEntry {
  const far = isa === 'aarch64' ? 0xffff_8000_0000n : 0x7ffc_0000_0000n;
  memory.write(far + 0x2000n, Buffer.from('vdso'));
  memory.write(far + 0x1f000n, Buffer.from('kernel stack'));
  const text = { prot: 5, flags: 2, status: 1 | VMA.FILE_PRIVATE, shmid: 1n };
  const vmas = [
    vma(abi.HC_CONTROL_ADDRESS, abi.HC_CONTROL_ADDRESS + 0x1000n, {
      status: 1 | VMA.FILE_PRIVATE,
      shmid: 1n,
    }),
    vma(TEXT.start, TEXT.end, text),
    ...Array.from({ length: threads }, (_, i) => vma(placesOf(i).base, placesOf(i).low)),
    ...Array.from({ length: threads }, (_, i) => vma(placesOf(i).low, placesOf(i).high + 0x1000n)),
    vma(HEAP, HEAP + 0x100000000n),
    vma(abi.HC_SYSTEM_ARENA, abi.HC_SYSTEM_ARENA + 0x2000n),
    vma(far, far + 0x2000n, { prot: 1, status: 1 | VMA.VVAR, madv: 0x10000n }),
    vma(far + 0x2000n, far + 0x3000n, { prot: 5, status: 1 | VMA.VDSO }),
    vma(far + 0x10000n, far + 0x20000n, { flags: 0x122, status: 1 | VMA.STACK | VMA.ANON_PRIVATE }),
  ].sort((a, b) => (a.start < b.start ? -1 : 1));
  if (isa === 'x86-64')
    vmas.push(vma(0xffff_ffff_ff60_0000n, 0xffff_ffff_ff60_1000n, { prot: 4, status: VMA.VSYSCALL }));
  return {
    mm_start_code: TEXT.start,
    mm_end_code: TEXT.end,
    mm_start_data: 0x420000n,
    mm_end_data: 0x421000n,
    mm_start_stack: far + 0x1ff00n,
    mm_start_brk: 0x500000n,
    mm_brk: 0x500000n,
    mm_arg_start: far + 0x1ff10n,
    mm_arg_end: far + 0x1ff20n,
    mm_env_start: far + 0x1ff20n,
    mm_env_end: far + 0x1ff30n,
    exe_file_id: 1,
    mm_saved_auxv: [
      33n,
      far + 0x2000n,
      16n,
      0xffn,
      6n,
      4096n,
      3n,
      0x400040n,
      9n,
      0x401000n,
      25n,
      far,
      0n,
      0n,
    ],
    vmas,
    dumpable: 1,
    aios: [],
  };
}

function parkedFile(memory: Memory, threads: readonly ThreadSpec[]): Buffer {
  const extents = [{ address: abi.HC_CONTROL_ADDRESS, bytes: memory.read(abi.HC_CONTROL_ADDRESS, PAGE) }];
  for (const [index] of threads.entries()) {
    const { block, high } = placesOf(index);
    const bytes = memory.read(block, abi.sizeOf(abi.thread));
    const sp = abi.readStruct(abi.thread, bytes).sp;
    const from = sp - (sp % BigInt(PAGE));
    extents.push({ address: block, bytes }, { address: from, bytes: memory.read(from, Number(high - from)) });
  }
  return encodeExtents(extents);
}
