// SPDX-License-Identifier: GPL-3.0-or-later
import { offsetOf, type Pagemap } from '@h-containers/criu-images';
import { HcError } from '@h-containers/tool-kit';
import { lastAt, PAGE_SIZE } from './page.ts';
import { damaged, hex } from './refusal.ts';

/** A piece of a process's memory. */
export interface Extent {
  address: bigint;
  bytes: Uint8Array;
}

/** Reads memory of a dumped process; what was not dumped reads as zeros, as it does in the process. */
export interface MemoryReader {
  read(address: bigint, length: number): Promise<Uint8Array>;
}

/** The memory in a pages file that can be read at any position. */
export function pagesReader(
  map: Pagemap,
  read: (position: number, length: number) => Promise<Buffer>,
): MemoryReader {
  return {
    async read(address, length) {
      if (length > MAX_PARKED_BYTES) damaged(`${map.name}: ${length} bytes at ${hex(address)} are asked for`);
      const bytes = Buffer.alloc(length);
      const page = Number(PAGE_SIZE);
      for (let at = 0; at < length; ) {
        const here = address + BigInt(at);
        const count = Math.min(length - at, page - Number(here % PAGE_SIZE));
        const offset = offsetOf(map, here);
        if (offset !== undefined) bytes.set(await read(offset, count), at);
        at += count;
      }
      return bytes;
    },
  };
}

/** The pieces of memory that a transform looks at, by address. */
export class Extents {
  readonly #extents: readonly (Extent & { start: bigint; end: bigint })[];

  constructor(extents: readonly Extent[]) {
    this.#extents = extents
      .map((extent) => ({
        ...extent,
        start: extent.address,
        end: extent.address + BigInt(extent.bytes.length),
      }))
      .sort((a, b) => (a.start === b.start ? Number(a.end - b.end) : a.start < b.start ? -1 : 1));
  }

  /** A view. The range must lie in one piece: the one that begins last, and the longest of those. */
  read(address: bigint, length: number): Uint8Array {
    const extent = lastAt(this.#extents, address);
    if (!extent || address + BigInt(length) > extent.end)
      damaged(`memory ${hex(address)}, ${length} bytes: not in the images`);
    const at = Number(address - extent.start);
    return extent.bytes.subarray(at, at + length);
  }

  *[Symbol.iterator](): Iterator<Extent> {
    for (const { address, bytes } of this.#extents) yield { address, bytes };
  }
}

/*
 * hc/parked-<pid>.img: what a transform must see before pages-*.img pass by: the control block, the thread blocks,
 * the native stacks. Eight bytes of magic, then records {u64 address, u64 length, bytes}, little-endian.
 */
const MAGIC = Buffer.from('HCPARKD1');
const RECORD = 16;

/** Native stacks are a few pages each; a dump that wants more than this is not from us. */
export const MAX_PARKED_BYTES = 64 * 1024 * 1024;

export function parkedName(pid: number): string {
  return `hc/parked-${pid}.img`;
}

/** The pid of a member that parkedName made. */
export function parkedPid(name: string): number | undefined {
  const match = /^hc\/parked-(\d+)\.img$/.exec(name);
  return match ? Number(match[1]) : undefined;
}

export function encodeExtents(extents: Iterable<Extent>): Buffer {
  const parts: Uint8Array[] = [MAGIC];
  for (const { address, bytes } of extents) {
    const header = Buffer.alloc(RECORD);
    header.writeBigUInt64LE(address);
    header.writeBigUInt64LE(BigInt(bytes.length), 8);
    parts.push(header, bytes);
  }
  return Buffer.concat(parts);
}

export function decodeExtents(file: Buffer, name: string): Extents {
  const broken = (what: string) =>
    new HcError(`${name}: ${what}`, { hint: 'the images are truncated or damaged; dump again' });
  if (!file.subarray(0, MAGIC.length).equals(MAGIC)) throw broken('no hc-dump wrote this');
  const extents: Extent[] = [];
  for (let at = MAGIC.length; at < file.length; ) {
    if (file.length - at < RECORD) throw broken('cut off');
    const length = file.readBigUInt64LE(at + 8);
    const address = file.readBigUInt64LE(at);
    at += RECORD;
    if (length > BigInt(file.length - at)) throw broken('cut off');
    extents.push({ address, bytes: file.subarray(at, at + Number(length)) });
    at += Number(length);
  }
  return new Extents(extents);
}
