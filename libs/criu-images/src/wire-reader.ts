// SPDX-License-Identifier: GPL-3.0-or-later
import { HcError } from '@h-containers/tool-kit';

const TWO_32 = 0x1_0000_0000;
/** Above this a 64-bit value does not fit a double: 2^53 / 2^32. */
const SAFE_HIGH = 0x20_0000;

/**
 * Protocol Buffers primitives over one image file. Every error names the file and the offset. `exact` turns false
 * when something is written in another way than CRIU does, so that encoding again would give other bytes.
 */
export class WireReader {
  readonly bytes: Buffer;
  readonly image: string;
  at: number;
  exact = true;
  #low = 0;
  #high = 0;

  constructor(image: string, bytes: Buffer, at = 0) {
    this.image = image;
    this.bytes = bytes;
    this.at = at;
  }

  fail(what: string, at = this.at): never {
    throw new HcError(`${this.image}: offset ${at}: ${what}`, {
      hint: 'the image is truncated or damaged; dump again',
    });
  }

  /** The next `length` bytes, as a view. */
  take(length: number, end: number): Buffer {
    if (length > end - this.at) this.fail(`${length} bytes expected, ${end - this.at} left`);
    const view = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return view;
  }

  u32(end: number): number {
    return this.take(4, end).readUInt32LE(0);
  }

  u64(end: number): bigint {
    return this.take(8, end).readBigUInt64LE(0);
  }

  /** A varint that must fit 32 bits: tags and lengths. */
  length(end: number): number {
    const start = this.at;
    this.#varint(end);
    if (this.#high !== 0) this.fail('length or field number does not fit 32 bits', start);
    return this.#low;
  }

  /** CRIU drops the upper half of a 32-bit field. */
  varint32(end: number, signed: boolean): number {
    this.#varint(end);
    const value = signed ? this.#low | 0 : this.#low;
    if (this.#high !== (value < 0 ? 0xffff_ffff : 0)) this.exact = false;
    return value;
  }

  varint64(end: number): bigint {
    this.#varint(end);
    const high = this.#high;
    if (high < SAFE_HIGH) return BigInt(high * TWO_32 + this.#low);
    return (BigInt(high) << 32n) | BigInt(this.#low);
  }

  bool(end: number): boolean {
    this.#varint(end);
    if (this.#high !== 0 || this.#low > 1) this.exact = false;
    return this.#low !== 0 || this.#high !== 0;
  }

  /** Leaves the value in #low and #high, both unsigned. */
  #varint(end: number): void {
    const start = this.at;
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index++) {
      if (this.at >= end) this.fail('number is cut off', start);
      const byte = this.bytes[this.at++] ?? 0;
      const bits = byte & 0x7f;
      // Bits 28..34 straddle the two halves.
      if (index < 4) low |= bits << (index * 7);
      else if (index === 4) {
        low |= bits << 28;
        high = bits >>> 4;
      } else high |= bits << (index * 7 - 32);
      if (byte < 0x80) {
        // A longer spelling of the same number, or bits beyond the 64th.
        if ((bits === 0 && index > 0) || (index === 9 && bits > 1)) this.exact = false;
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    this.fail('number has more than 10 bytes', start);
  }
}

export function zigzag32(value: number): number {
  return (value >>> 1) ^ -(value & 1);
}

export function zigzag64(value: bigint): bigint {
  return (value >> 1n) ^ -(value & 1n);
}
