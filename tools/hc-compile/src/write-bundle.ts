// SPDX-License-Identifier: GPL-3.0-or-later
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HcError, systemError } from '@h-containers/tool-kit';
import { pack } from 'tar-stream';
import type { Member } from './bundle-members.ts';

/** A POSIX tar stream without anything of this machine, user or time in it. */
export async function writeTar(members: readonly Member[], output: NodeJS.WritableStream): Promise<void> {
  const tar = pack();
  const owner = { uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: new Date(0) };
  for (const { name, bytes, mode } of members) {
    tar.entry({ name, mode, size: bytes.length, type: 'file', ...owner }, bytes);
  }
  tar.finalize();
  // Not pipeline(): streams of tar-stream end what they lead to, and what standard output still held got lost.
  for await (const chunk of tar as AsyncIterable<Buffer>)
    if (!output.write(chunk)) await once(output, 'drain');
}

/** `directory` is made, or is empty. */
export async function writeDirectory(members: readonly Member[], directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    if ((await readdir(directory)).length > 0) {
      throw new HcError(`${directory} is not empty`, { hint: 'name a directory that does not exist yet' });
    }
    for (const { name, bytes, mode } of members) {
      const path = join(directory, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes, { mode });
    }
  } catch (error) {
    throw systemError(error, directory);
  }
}
