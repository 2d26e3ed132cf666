// SPDX-License-Identifier: GPL-3.0-or-later
import { open, readFile } from 'node:fs/promises';
import { type Cleanup, HcError, systemError } from '@h-containers/tool-kit';
import type { Chunks } from './chunks.ts';
import { filePages } from './file-pages.ts';
import type { Limits } from './limits.ts';
import { CONFIRM, placeOf } from './names.ts';
import type { ImageSink } from './sink.ts';
import { type ImageSource, noSuchMember, type PagesMember } from './source.ts';
import { Spool } from './spool.ts';
import { type TarMember, TarReader } from './tar-reader.ts';

const LOCATION = 'standard input';

type Stored = { bytes: Buffer } | { path: string };

/** Reads a tar stream. In a stream that does not promise that its pages come last, the pages wait on disk. */
export class StreamSource implements ImageSource {
  readonly location = LOCATION;
  readonly #tar: TarReader;
  readonly #limits: Limits;
  readonly #spool: Spool;
  readonly #small = new Map<string, Stored>();
  readonly #waiting: { name: string; size: number; path: string }[] = [];
  /** Read, but not consumed: the first pages member, or hc/confirm. */
  #next: TarMember | undefined;
  #inMemory = 0;

  static async open(input: Chunks, limits: Limits, cleanup?: Cleanup): Promise<ImageSource> {
    const source = new StreamSource(new TarReader(input, LOCATION, limits), limits, new Spool(cleanup));
    try {
      await source.#load();
    } catch (error) {
      await source.close();
      throw error;
    }
    return source;
  }

  private constructor(tar: TarReader, limits: Limits, spool: Spool) {
    this.#tar = tar;
    this.#limits = limits;
    this.#spool = spool;
  }

  get names(): readonly string[] {
    return [...this.#small.keys()];
  }

  has(name: string): boolean {
    return this.#small.has(name);
  }

  async read(name: string): Promise<Buffer> {
    const stored = this.#small.get(name);
    if (stored === undefined) throw noSuchMember(LOCATION, name);
    return 'bytes' in stored ? stored.bytes : readFile(stored.path);
  }

  async *pages(): AsyncGenerator<PagesMember> {
    for (const { name, size, path } of this.#waiting) {
      const file = await open(path).catch((error) => {
        throw systemError(error, path);
      });
      try {
        yield filePages(name, path, file, size);
      } finally {
        await file.close();
      }
    }
    for (let member = this.#next; member !== undefined && place(member) === 'pages'; member = this.#next) {
      const { name, size, body } = member;
      yield { name, size, chunks: () => body };
      this.#next = await this.#tar.next();
    }
  }

  async finish(passTo?: ImageSink): Promise<void> {
    while (this.#next !== undefined && place(this.#next) === 'pages') this.#next = await this.#tar.next();
    if (this.#next !== undefined && place(this.#next) === 'confirm') {
      const { name, size, body } = this.#next;
      if (passTo === undefined) for await (const _chunk of body);
      else await passTo.addStream(name, size, body);
      this.#next = await this.#tar.next();
    }
    if (this.#next !== undefined)
      throw new HcError(`${LOCATION}: ${this.#next.name} comes after pages or ${CONFIRM}`, {
        hint: 'the stream was put together by hand; unpack it and use --in DIR',
      });
    await this.#spool.close();
  }

  async close(): Promise<void> {
    await this.#tar.close();
    await this.#spool.close();
  }

  async #load(): Promise<void> {
    for (let member = await this.#tar.next(); member !== undefined; member = await this.#tar.next()) {
      if (place(member) === 'confirm' || (place(member) === 'pages' && this.#tar.ordered)) {
        this.#next = member;
        return;
      }
      if (place(member) === 'ready') continue;
      const { name, size, body } = member;
      if (place(member) === 'pages') this.#waiting.push({ name, size, path: await this.#spool.put(body) });
      else this.#small.set(name, await this.#store(member));
    }
  }

  async #store({ size, body }: TarMember): Promise<Stored> {
    this.#inMemory += size;
    if (this.#inMemory > this.#limits.inMemory) {
      this.#inMemory -= size;
      return { path: await this.#spool.put(body) };
    }
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks) };
  }
}

function place(member: TarMember) {
  return placeOf(member.name);
}
