// SPDX-License-Identifier: GPL-3.0-or-later

const LOW_32 = 0xffff_ffffn;

/** Protocol Buffers primitives into one growing buffer. */
export class WireWriter {
  #bytes: Buffer;
  #length = 0;

  constructor(expected = 256) {
    this.#bytes = Buffer.allocUnsafe(expected);
  }

  /** A view of what was written. */
  result(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  u32(value: number): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeUInt32LE(value, this.#length);
  }

  u64(value: bigint): void {
    this.#reserve(8);
    this.#length = this.#bytes.writeBigUInt64LE(value, this.#length);
  }

  varint32(value: number): void {
    this.#reserve(5);
    let rest = value >>> 0;
    while (rest > 0x7f) {
      this.#bytes[this.#length++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#length++] = rest;
  }

  /** `value` is unsigned. */
  varint64(value: bigint): void {
    let rest = value;
    this.#reserve(10);
    while (rest > LOW_32) {
      this.#bytes[this.#length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.varint32(Number(rest));
  }

  /** What `write` writes, preceded by its length as a varint. */
  delimited(write: () => void): void {
    this.#reserve(1);
    const start = this.#length++;
    write();
    const size = this.#length - start - 1;
    if (size < 0x80) {
      this.#bytes[start] = size;
      return;
    }
    // Lengths are rarely that long: write first, make room afterwards.
    const extra = varintSize(size) - 1;
    this.#reserve(extra);
    this.#bytes.copyWithin(start + 1 + extra, start + 1, this.#length);
    this.#length = start;
    this.varint32(size);
    this.#length += size;
  }

  /** What `write` writes, preceded by its length as CRIU frames messages: u32, little-endian. */
  framed(write: () => void): void {
    const start = this.#length;
    this.u32(0);
    write();
    this.#bytes.writeUInt32LE(this.#length - start - 4, start);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
    this.#bytes.copy(bigger, 0, 0, this.#length);
    this.#bytes = bigger;
  }
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value >>> 7; rest > 0; rest >>>= 7) size++;
  return size;
}
