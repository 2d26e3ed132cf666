// SPDX-License-Identifier: GPL-3.0-or-later
import type { FileHandle } from 'node:fs/promises';
import type { Chunks } from './chunks.ts';

/** Chunks from a pipe are at most 64 KiB: too small for a trip through the thread pool each. */
const BATCH = 1024 * 1024;

/** Writes all chunks at the file's position; gives the number of bytes. */
export async function writeChunks(file: FileHandle, chunks: Chunks): Promise<number> {
  let batch: Buffer[] = [];
  let size = 0;
  let total = 0;
  const flush = async () => {
    await writeAll(file, batch, size);
    total += size;
    batch = [];
    size = 0;
  };
  for await (const chunk of chunks) {
    batch.push(chunk);
    size += chunk.length;
    if (size >= BATCH) await flush();
  }
  await flush();
  return total;
}

async function writeAll(file: FileHandle, batch: Buffer[], size: number): Promise<void> {
  if (size === 0) return;
  const { bytesWritten } = await file.writev(batch);
  if (bytesWritten === size) return;
  // A disk that fills up takes a part first; the error comes with the rest.
  const rest = Buffer.concat(batch).subarray(bytesWritten);
  for (let at = 0; at < rest.length; ) at += (await file.write(rest, at)).bytesWritten;
}
