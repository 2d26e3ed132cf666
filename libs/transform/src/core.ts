// SPDX-License-Identifier: GPL-3.0-or-later
//
// core-*.img: a thread's registers. Nothing in them is alive in a parked thread: it is started anew in hc_resume, which
// finds everything in the thread's struct hc_thread.
import { type CoreEntry, MARCH, SECCOMP_MODE, USER_X86_REGS_MODE } from '@h-containers/criu-images';
import type { Isa } from '@h-containers/tool-kit';
import { hex, refuse } from './refusal.ts';

/** Where a rebuilt thread starts. */
export interface Start {
  pc: bigint;
  sp: bigint;
  /** Thread pointer: fs base, TPIDR_EL0. */
  tp: bigint;
}

const MARCHES: Record<Isa, number> = { 'x86-64': MARCH.X86_64, aarch64: MARCH.AARCH64 };

export function isaOfCore(core: CoreEntry, who: string): Isa {
  for (const isa of ['x86-64', 'aarch64'] as const) if (MARCHES[isa] === core.mtype) return isa;
  refuse(`${who}: its images are of machine type ${core.mtype}, neither x86-64 nor aarch64`);
}

/** What of the kernel's per-thread state has no counterpart on the other ISA. */
export function checkCore(core: CoreEntry, who: string): void {
  const modes = [core.thread_core?.seccomp_mode, core.tc?.old_seccomp_mode];
  if (modes.includes(SECCOMP_MODE.filter))
    refuse(
      `${who}: has a seccomp filter, which is made of one ISA's system-call numbers`,
      'start it without one',
    );
  const rseq = core.thread_core?.rseq_entry;
  if (rseq && rseq.rseq_abi_pointer !== 0n)
    refuse(`${who}: has registered restartable sequences (rseq)`, 'hc-compile builds programs without them');
  if (core.thread_info?.gpregs.mode === USER_X86_REGS_MODE.COMPAT) refuse(`${who}: runs 32-bit code`);
}

export function threadPointer(core: CoreEntry): bigint | undefined {
  return core.thread_info?.gpregs.fs_base ?? core.ti_aarch64?.tls;
}

/** The same thread on the other ISA. A zombie has no registers: it only changes its machine type. */
export function convertCore(core: CoreEntry, to: Isa, start: Start | undefined): CoreEntry {
  const clearTid = core.thread_info?.clear_tid_addr ?? core.ti_aarch64?.clear_tid_addr;
  const { thread_info: _x86, ti_aarch64: _arm, ...rest } = core;
  const thread = rest.thread_core && { ...rest.thread_core };
  delete thread?.rseq_entry;
  const converted = { ...rest, mtype: MARCHES[to], ...(thread ? { thread_core: thread } : {}) };
  if (!start || clearTid === undefined) return converted;
  return to === 'aarch64'
    ? { ...converted, ti_aarch64: aarch64Thread(start, clearTid) }
    : { ...converted, thread_info: x86Thread(start, clearTid) };
}

const zeros = <T>(count: number, zero: T) => new Array<T>(count).fill(zero);

function aarch64Thread({ pc, sp, tp }: Start, clearTid: bigint): NonNullable<CoreEntry['ti_aarch64']> {
  return {
    clear_tid_addr: clearTid,
    tls: tp,
    // pstate 0: EL0, AArch64, nothing masked. 31 and 64: what CRIU's restore insists on.
    gpregs: { regs: zeros(31, 0n), sp, pc, pstate: 0n },
    fpsimd: { vregs: zeros(64, 0n), fpsr: 0, fpcr: 0 },
  };
}

/** Linux's user segments (arch/x86/include/asm/segment.h), and flags with interrupts enabled. */
const USER_CS = 0x33n;
const USER_DS = 0x2bn;
const FLAGS = 0x200n;
/** Not in a system call: nothing to restart. */
const NO_CALL = 0xffff_ffff_ffff_ffffn;

function x86Thread({ pc, sp, tp }: Start, clearTid: bigint): NonNullable<CoreEntry['thread_info']> {
  const cleared = { r15: 0n, r14: 0n, r13: 0n, r12: 0n, bp: 0n, bx: 0n, r11: 0n, r10: 0n, r9: 0n, r8: 0n };
  const more = { ax: 0n, cx: 0n, dx: 0n, si: 0n, di: 0n, gs_base: 0n, ds: 0n, es: 0n, fs: 0n, gs: 0n };
  const segments = { cs: USER_CS, ss: USER_DS, flags: FLAGS, orig_ax: NO_CALL, fs_base: tp };
  const mode = USER_X86_REGS_MODE.NATIVE;
  return {
    clear_tid_addr: clearTid,
    gpregs: { ...cleared, ...more, ...segments, ip: pc, sp, mode },
    fpregs: {
      // The state after FNINIT and at reset: Intel SDM volume 1, 8.1.5 and 10.2.3.
      cwd: 0x37f,
      swd: 0,
      twd: 0,
      fop: 0,
      rip: 0n,
      rdp: 0n,
      mxcsr: 0x1f80,
      mxcsr_mask: 0xffff,
      st_space: zeros(32, 0),
      xmm_space: zeros(64, 0),
      padding: [],
    },
    tls: [],
  };
}

/** What convertCore left behind, by the names of the image fields. */
export function droppedState(core: CoreEntry): string[] {
  const xsave = core.thread_info?.fpregs.xsave;
  return [
    ...(core.ti_aarch64?.pac_keys ? ['pac_keys'] : []),
    ...(core.thread_core?.rseq_entry ? ['rseq_entry'] : []),
    ...(xsave?.cet && xsave.cet.ssp !== 0n ? [`cet ssp ${hex(xsave.cet.ssp)}`] : []),
  ];
}
