// SPDX-License-Identifier: GPL-3.0-or-later
import type { Chunks } from './chunks.ts';

/** Pulls chunks from a stream and hands them out in the sizes asked for; never reads ahead of the consumer. */
export class ByteQueue {
  readonly #input: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes taken out so far. */
  taken = 0;

  constructor(input: Chunks) {
    this.#input = input[Symbol.asyncIterator]();
  }

  /** Whatever is there, at most `limit` bytes, without a copy; undefined at the end. */
  async some(limit: number): Promise<Buffer | undefined> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#input.next();
      if (done) return undefined;
      this.#rest = value;
    }
    const chunk = this.#rest.subarray(0, limit);
    this.#rest = this.#rest.subarray(chunk.length);
    this.taken += chunk.length;
    return chunk;
  }

  /** `count` bytes; fewer only if the stream ends before. */
  async exactly(count: number): Promise<Buffer> {
    const first = await this.some(count);
    if (first === undefined || first.length === count) return first ?? Buffer.alloc(0);
    const chunks = [first];
    for (let size = first.length; size < count; ) {
      const chunk = await this.some(count - size);
      if (chunk === undefined) break;
      size += chunk.length;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** Stops reading: the writer at the other end is told by a broken pipe. */
  async close(): Promise<void> {
    await this.#input.return?.();
  }
}
