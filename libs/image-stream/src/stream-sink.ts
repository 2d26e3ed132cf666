// SPDX-License-Identifier: GPL-3.0-or-later
import { HcError, systemError } from '@h-containers/tool-kit';
import { type Chunks, oneChunk } from './chunks.ts';
import { OrderGuard } from './order.ts';
import type { ImageSink } from './sink.ts';
import { STREAM_HEADER } from './stream-header.ts';
import { BLOCK, encodeHeader, padded } from './tar-codec.ts';

/** What is used of a Node stream. */
export interface OutputStream {
  write(chunk: Uint8Array, callback: (error?: Error | null) => void): boolean;
  on(event: 'error', listener: () => void): unknown;
}

const LOCATION = 'standard output';
const ZEROS = Buffer.alloc(2 * BLOCK);

/**
 * Bytes given to Node and not yet taken by the kernel. Node's own mark, 16 KiB, would make every chunk wait for the one before.
 * Small against hc/confirm, which counts on the pipes between the tools being smaller than itself.
 */
const IN_FLIGHT = 256 * 1024;

/** Writes a tar stream, no faster than its reader reads. */
export class StreamSink implements ImageSink {
  readonly location = LOCATION;
  readonly #output: OutputStream;
  readonly #order = new OrderGuard();
  #started = false;
  #pending = 0;
  #failed: HcError | undefined;
  #wake = () => {};

  constructor(output: OutputStream) {
    this.#output = output;
    // The callback of write() tells; without a listener the event would end the process.
    output.on('error', () => {});
  }

  async add(name: string, bytes: Uint8Array): Promise<void> {
    await this.addStream(name, bytes.length, oneChunk(bytes));
  }

  async addStream(name: string, size: number, chunks: Chunks): Promise<void> {
    this.#order.check(name, LOCATION);
    await this.#start();
    await this.#write(await encodeHeader(name, size));
    let written = 0;
    for await (const chunk of chunks) {
      written += chunk.length;
      if (written > size) break;
      await this.#write(chunk);
    }
    if (written !== size) throw this.#fail(wrongSize(name, size));
    await this.#write(ZEROS.subarray(0, padded(size) - size));
  }

  async flush(): Promise<void> {
    await this.#until(0);
  }

  async finish(): Promise<void> {
    await this.#start();
    await this.#write(ZEROS);
    await this.#until(0);
  }

  async abort(): Promise<void> {
    this.#fail(new HcError(`${LOCATION}: given up`));
  }

  async #start(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    await this.#write(STREAM_HEADER);
  }

  async #write(chunk: Uint8Array): Promise<void> {
    if (this.#failed !== undefined) throw this.#failed;
    if (chunk.length === 0) return;
    this.#pending += chunk.length;
    this.#output.write(chunk, (error) => {
      this.#pending -= chunk.length;
      if (error) this.#fail(systemError(error, LOCATION));
      this.#wake();
    });
    await this.#until(IN_FLIGHT);
  }

  async #until(limit: number): Promise<void> {
    while (this.#pending > limit && this.#failed === undefined)
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    if (this.#failed !== undefined) throw this.#failed;
  }

  /** From here on every call fails: nothing may follow half a member. */
  #fail(error: HcError): HcError {
    this.#failed ??= error;
    return this.#failed;
  }
}

export function wrongSize(name: string, size: number): HcError {
  return new HcError(`${name}: its contents are not the ${size} bytes announced`, {
    hint: 'the image is truncated, or changed while it was read; dump again',
  });
}
