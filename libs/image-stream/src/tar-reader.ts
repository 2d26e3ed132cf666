// SPDX-License-Identifier: GPL-3.0-or-later
import { errorCode, HcError, systemError } from '@h-containers/tool-kit';
import type { Header } from 'tar-stream';
import { ByteQueue } from './byte-queue.ts';
import type { Chunks } from './chunks.ts';
import { DEFAULT_LIMITS, type Limits } from './limits.ts';
import { checkedName, placeOf } from './names.ts';
import { STREAM_HEADER } from './stream-header.ts';
import { BLOCK, decodeHeader, extensionSize, isExtension, padded } from './tar-codec.ts';

export interface TarMember {
  name: string;
  size: number;
  /** To be read before the next member is asked for; what is left then is skipped. */
  body: Chunks;
}

/** pax and GNU headers hold a name, not a book. */
const MAX_EXTENSIONS = 64 * 1024;

/** Members of a tar stream, checked, one at a time. */
export class TarReader {
  readonly #from: string;
  readonly #limits: Limits;
  readonly #bytes: ByteQueue;
  readonly #seen = new Set<string>();
  /** Bytes of the current member, padding included, that were not read yet. */
  #left = 0;
  /** For messages. */
  #last: string | undefined;
  #ordered = false;
  #ended = false;

  constructor(input: Chunks, from: string, limits: Limits = DEFAULT_LIMITS) {
    this.#from = from;
    this.#limits = limits;
    this.#bytes = new ByteQueue(input);
  }

  /** Whether the writer promised that pages come last; known once there was a first member. */
  get ordered(): boolean {
    return this.#ordered;
  }

  /** undefined at the end of the archive; the stream is read to its end then. */
  async next(): Promise<TarMember | undefined> {
    while (!this.#ended) {
      await this.#skip();
      const header = await this.#header();
      if (header === undefined) return undefined;
      const { name, size } = header;
      this.#last = JSON.stringify(name);
      this.#left = padded(size);
      if (!isSkippedDirectory(header)) return this.#member(header);
    }
    return undefined;
  }

  async close(): Promise<void> {
    this.#ended = true;
    await this.#bytes.close();
  }

  async #header(): Promise<Header | undefined> {
    const blocks: Buffer[] = [];
    for (let size = 0; size <= MAX_EXTENSIONS; ) {
      const atStart = this.#bytes.taken === 0;
      const block = await this.#take(BLOCK);
      if (block.every((byte) => byte === 0)) return this.#end();
      blocks.push(block);
      if (!isExtension(block)) return this.#decode(Buffer.concat(blocks));
      const length = padded(extensionSize(block));
      if (!(length <= MAX_EXTENSIONS)) break;
      const data = await this.#take(length);
      if (atStart) this.#ordered = Buffer.concat([block, data]).equals(STREAM_HEADER);
      blocks.push(data);
      size += BLOCK + length;
    }
    throw this.#damaged('headers without end');
  }

  async #decode(blocks: Buffer): Promise<Header> {
    try {
      return await decodeHeader(blocks);
    } catch (error) {
      throw this.#damaged(error instanceof Error ? error.message : String(error));
    }
  }

  #member(header: Header): TarMember {
    const { name, type, size } = header;
    const refuse = (why: string) =>
      new HcError(`${this.#from}: refused member ${JSON.stringify(name)}: ${why}`, {
        hint: 'image streams hold regular files only, each once',
      });
    if (type !== 'file' && type !== 'contiguous-file') throw refuse(`it is a ${type ?? 'special file'}`);
    const plain = checkedName(name, this.#from);
    if (this.#seen.has(plain)) throw refuse('it comes twice');
    if (!Number.isSafeInteger(size) || size < 0) throw refuse('its size makes no sense');
    if (placeOf(plain) === 'small' && size > this.#limits.smallMember)
      throw refuse(`${size} bytes are more than the ${this.#limits.smallMember} allowed`);
    if (this.#seen.size >= this.#limits.members)
      throw refuse(`there are ${this.#seen.size} members before it`);
    this.#seen.add(plain);
    return { name: plain, size, body: this.#body(size) };
  }

  async *#body(size: number): AsyncGenerator<Buffer> {
    const padding = this.#left - size;
    while (this.#left > padding) yield await this.#some(this.#left - padding);
  }

  async #skip(): Promise<void> {
    while (this.#left > 0) await this.#some(this.#left);
  }

  async #some(limit: number): Promise<Buffer> {
    const chunk = await this.#read(() => this.#bytes.some(limit));
    if (chunk === undefined) throw this.#truncated();
    this.#left -= chunk.length;
    return chunk;
  }

  async #take(count: number): Promise<Buffer> {
    const block = await this.#read(() => this.#bytes.exactly(count));
    if (block.length < count) throw this.#truncated();
    return block;
  }

  /** A zero block ends the archive; what follows is filler. */
  async #end(): Promise<undefined> {
    this.#ended = true;
    while ((await this.#read(() => this.#bytes.some(Number.POSITIVE_INFINITY))) !== undefined);
    if (this.#seen.size === 0)
      throw new HcError(`${this.#from}: the archive holds no images`, { hint: 'dump into it first' });
    return undefined;
  }

  async #read<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw errorCode(error) === undefined ? error : systemError(error, this.#from);
    }
  }

  #damaged(why: string): HcError {
    const where = this.#last === undefined ? 'not an image stream (tar)' : `damaged after ${this.#last}`;
    return new HcError(`${this.#from}: ${where}: ${why}`, {
      hint: 'feed it the output of another tool, or of tar c without compression',
    });
  }

  #truncated(): HcError {
    const where = this.#last === undefined ? 'in the first header' : `within or after ${this.#last}`;
    const what = this.#bytes.taken === 0 ? 'is empty' : `ends ${where}, before the end of the archive`;
    return new HcError(`${this.#from}: the stream ${what}`, {
      hint: 'the tool that writes it has failed; see its message',
    });
  }
}

/** `tar c .` has entries for the directory itself and for hc/. */
function isSkippedDirectory({ name, type, size }: Header): boolean {
  return type === 'directory' && size === 0 && /^(?:\.|(?:\.\/)?hc)\/?$/.test(name);
}
