// SPDX-License-Identifier: GPL-3.0-or-later
import type { FileHandle } from 'node:fs/promises';
import { HcError, systemError } from '@h-containers/tool-kit';
import type { PagesMember } from './source.ts';

const CHUNK = 1024 * 1024;

/** Pages that lie in an open file. */
export function filePages(name: string, path: string, file: FileHandle, size: number): PagesMember {
  const read = async (position: number, length: number): Promise<Buffer> => {
    const buffer = Buffer.allocUnsafe(length);
    for (let at = 0; at < length; ) {
      const { bytesRead } = await file.read(buffer, at, length - at, position + at).catch((error) => {
        throw systemError(error, path);
      });
      if (bytesRead === 0)
        throw new HcError(`${path}: ends at ${position + at}, before ${position + length}`, {
          hint: 'the image is truncated or damaged; dump again',
        });
      at += bytesRead;
    }
    return buffer;
  };
  return {
    name,
    size,
    read,
    async *chunks() {
      for (let at = 0; at < size; at += CHUNK) yield await read(at, Math.min(CHUNK, size - at));
    },
  };
}
