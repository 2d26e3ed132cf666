// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdir, mkdtemp, open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { type Cleanup, errorCode, HcError, systemError } from '@h-containers/tool-kit';
import { type Chunks, oneChunk } from './chunks.ts';
import { CONFIRM, READY } from './names.ts';
import { OrderGuard } from './order.ts';
import type { ImageSink } from './sink.ts';
import { wrongSize } from './stream-sink.ts';
import { writeChunks } from './write-chunks.ts';

/** Writes next to the directory and renames at the end: it is there as a whole or not at all. */
export async function createDirectory(out: string, cleanup?: Cleanup): Promise<ImageSink> {
  const target = resolve(out);
  await refuseContents(target, out);
  const partial = await mkdtemp(join(dirname(target), `.${basename(target)}.partial-`)).catch((error) => {
    throw systemError(error, out);
  });
  const remove = () => rm(partial, { recursive: true, force: true });
  const forget = cleanup?.add(remove) ?? (() => {});
  const order = new OrderGuard();

  const writeFile = async (name: string, size: number, chunks: Chunks) => {
    if (name.startsWith('hc/')) await mkdir(join(partial, 'hc'), { recursive: true });
    const file = await open(join(partial, name), 'wx', 0o600);
    try {
      if ((await writeChunks(file, chunks)) !== size) throw wrongSize(name, size);
    } finally {
      await file.close();
    }
  };

  const sink: ImageSink = {
    location: out,
    async add(name, bytes) {
      await sink.addStream(name, bytes.length, oneChunk(bytes));
    },
    async addStream(name, size, chunks) {
      order.check(name, out);
      // They tell something by being read; see docs/architecture.md.
      if (name === CONFIRM || name === READY) for await (const _chunk of chunks);
      else
        await writeFile(name, size, chunks).catch((error) => {
          throw systemError(error, join(out, name));
        });
    },
    async flush() {},
    async finish() {
      await rename(partial, target).catch((error) => {
        throw systemError(error, out);
      });
      forget();
    },
    async abort() {
      await remove();
      forget();
    },
  };
  return sink;
}

/** An empty directory is fine: rename(2) replaces it. */
async function refuseContents(target: string, out: string): Promise<void> {
  try {
    if ((await readdir(target)).length === 0) return;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw systemError(error, out);
  }
  throw new HcError(`${out}: the directory is not empty`, { hint: 'remove it, or choose another one' });
}
