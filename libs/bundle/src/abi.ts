// SPDX-License-Identifier: GPL-3.0-or-later
//
// Mirror of native/runtime/include/hc/abi.h. tests/abi.test.ts reads the header and compares every constant and field.

export const HC_ABI_VERSION = 1;

export const HC_CONTROL_ADDRESS = 0x200000n;
export const HC_IDENTITIES_ADDRESS = 0x200048n;
export const HC_IDENTITIES_MAX = 125;
export const HC_IMAGE_ADDRESS = 0x400000n;
export const HC_BRK_ARENA = 0x0800000000n;
export const HC_BRK_ARENA_END = 0x1000000000n;
export const HC_STACK_ARENA = 0x1000000000n;
export const HC_STACK_ARENA_END = 0x2000000000n;
export const HC_MMAP_ARENA = 0x2000000000n;
export const HC_MMAP_ARENA_END = 0x3e00000000n;
export const HC_SYSTEM_ARENA = 0x3e00000000n;
export const HC_VDSO_SLOT = 0x3f00000000n;
export const HC_VDSO_SLOT_END = 0x3f00100000n;

export const HC_ISA_X86_64 = 62;
export const HC_ISA_AARCH64 = 183;

export const HC_CONTROL_MAGIC = 0x314c525443434800n;

export const HC_SIGNAL = 35;

export const HC_RUN = 0;
export const HC_PARK = 1;

export const HC_THREAD_RUNNING = 0;
export const HC_THREAD_PARKED = 1;
export const HC_THREAD_GONE = 2;

export const HC_SITES_MAGIC = 0x3153455449534348n;
export const HC_SITE_DYNAMIC = 1;

export type FieldType = 'u32' | 'i32' | 'u64';
export type Layout = Record<string, readonly [offset: number, type: FieldType]>;

/** struct hc_control */
export const control = {
  magic: [0, 'u64'],
  request: [8, 'u32'],
  version: [12, 'u32'],
  isa: [16, 'u32'],
  generation: [20, 'u32'],
  threads: [24, 'u32'],
  parked: [28, 'u32'],
  thread_list: [32, 'u64'],
  resume: [40, 'u64'],
  vdso: [48, 'u64'],
  clock_generation: [56, 'u64'],
  identities: [64, 'u64'],
} as const satisfies Layout;

/** struct hc_identity */
export const identity = {
  here_device: [0, 'u64'],
  here_inode: [8, 'u64'],
  device: [16, 'u64'],
  inode: [24, 'u64'],
} as const satisfies Layout;

/** struct hc_thread */
export const thread = {
  next: [0, 'u64'],
  tid: [8, 'u32'],
  state: [12, 'u32'],
  data: [16, 'u64'],
  sp: [24, 'u64'],
  pc: [32, 'u64'],
  native_low: [40, 'u64'],
  native_high: [48, 'u64'],
  data_low: [56, 'u64'],
  data_high: [64, 'u64'],
  tp: [72, 'u64'],
  resume_sp: [80, 'u64'],
  in_handler: [88, 'u32'],
  in_syscall: [92, 'u32'],
} as const satisfies Layout;

/** struct hc_site */
export const site = {
  address: [0, 'u64'],
  id: [8, 'u32'],
  native_frame: [12, 'u32'],
  return_slot: [16, 'i32'],
  data_frame: [20, 'u32'],
} as const satisfies Layout;

/** struct hc_sites_header */
export const sitesHeader = {
  magic: [0, 'u64'],
  count_x86_64: [8, 'u32'],
  count_aarch64: [12, 'u32'],
} as const satisfies Layout;

const bytesOf: Record<FieldType, number> = { u32: 4, i32: 4, u64: 8 };

/** sizeof: the structs end with their last field and have no padding (the test checks that, too). */
export function sizeOf(layout: Layout): number {
  return Math.max(...Object.values(layout).map(([offset, type]) => offset + bytesOf[type]));
}

export type Values<L extends Layout> = { [K in keyof L]: L[K][1] extends 'u64' ? bigint : number };

/** Reads a struct that begins at `at`. Bytes beyond the end are a RangeError: check the length before. */
export function readStruct<L extends Layout>(layout: L, bytes: Uint8Array, at = 0): Values<L> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = {
    u32: (o: number) => view.getUint32(o, true),
    i32: (o: number) => view.getInt32(o, true),
    u64: (o: number) => view.getBigUint64(o, true),
  };
  const entries = Object.entries(layout).map(([name, [offset, type]]) => [name, read[type](at + offset)]);
  return Object.fromEntries(entries) as Values<L>;
}

/** Writes the fields given, and leaves the others as they are. */
export function writeStruct<L extends Layout>(
  layout: L,
  bytes: Uint8Array,
  values: Partial<Values<L>>,
  at = 0,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [name, value] of Object.entries(values)) {
    const field = layout[name];
    if (!field) throw new TypeError(`no field ${name}`);
    const [offset, type] = field;
    if (type === 'u64') view.setBigUint64(at + offset, value as bigint, true);
    else if (type === 'u32') view.setUint32(at + offset, value as number, true);
    else view.setInt32(at + offset, value as number, true);
  }
}
