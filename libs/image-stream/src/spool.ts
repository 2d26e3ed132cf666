// SPDX-License-Identifier: GPL-3.0-or-later
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cleanup, systemError } from '@h-containers/tool-kit';
import type { Chunks } from './chunks.ts';
import { writeChunks } from './write-chunks.ts';

/** A private directory for what must wait on disk; made when first needed, gone with close() or the clean-up. */
export class Spool {
  readonly #cleanup: Cleanup | undefined;
  #directory: string | undefined;
  #files = 0;
  #forget = () => {};

  constructor(cleanup?: Cleanup) {
    this.#cleanup = cleanup;
  }

  /** Writes the chunks to a new file and gives its path. */
  async put(chunks: Chunks): Promise<string> {
    const directory = await this.#open();
    const path = join(directory, String(this.#files++));
    let file: FileHandle | undefined;
    try {
      file = await open(path, 'wx', 0o600);
      await writeChunks(file, chunks);
    } catch (error) {
      throw systemError(error, `spool file ${path} (TMPDIR chooses its place)`);
    } finally {
      await file?.close();
    }
    return path;
  }

  async close(): Promise<void> {
    this.#forget();
    if (this.#directory !== undefined) await rm(this.#directory, { recursive: true, force: true });
    this.#directory = undefined;
  }

  async #open(): Promise<string> {
    if (this.#directory !== undefined) return this.#directory;
    const prefix = join(tmpdir(), 'hc-spool-');
    const directory = await mkdtemp(prefix).catch((error) => {
      throw systemError(error, prefix);
    });
    this.#directory = directory;
    this.#forget = this.#cleanup?.add(() => this.close()) ?? this.#forget;
    return directory;
  }
}
