// SPDX-License-Identifier: GPL-3.0-or-later
// Files that the process writes to, and that the destination must have as they are now.
import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { decodeImageAs, type RegFileEntry } from '@h-containers/criu-images';
import { systemError } from '@h-containers/tool-kit';
import { PROT_WRITE, VMA } from '@h-containers/transform';

/** Kept in hc/hc-dump.json; the contents are the stream's member of this name. */
export interface CarriedFile {
  member: string;
  path: string;
  size: number;
  mode: number;
  uid: number;
  gid: number;
  modifiedMs: number;
}

/** The access mode: fcntl.h, the same on both ISAs. */
const O_ACCMODE = 3;
const O_RDONLY = 0;

export function isBelow(path: string, directories: readonly string[]): boolean {
  return directories.some((directory) => {
    const way = relative(resolve(directory), path);
    return way !== '' && way !== '..' && !way.startsWith('../');
  });
}

/**
 * Regular files below the directories that are open for writing, or mapped so that writing goes to the file. What has no
 * name any more travels in CRIU's images.
 */
export async function filesToCarry(images: string, directories: readonly string[]): Promise<CarriedFile[]> {
  if (directories.length === 0) return [];
  const [open, mapped] = await Promise.all([openFiles(images), writtenMappings(images)]);
  const written = open.filter(({ id, flags }) => (flags & O_ACCMODE) !== O_RDONLY || mapped.has(id));
  const paths = new Set(written.map(({ name }) => name));
  const carried: CarriedFile[] = [];
  for (const path of [...paths].filter((each) => isBelow(each, directories)).sort()) {
    const facts = await stat(path).catch((error) => {
      throw systemError(error, path);
    });
    if (!facts.isFile()) continue;
    const { size, mode, uid, gid, mtimeMs } = facts;
    const member = `hc/file-${carried.length}`;
    carried.push({ member, path, size, mode: mode & 0o7777, uid, gid, modifiedMs: mtimeMs });
  }
  return carried;
}

async function openFiles(images: string): Promise<RegFileEntry[]> {
  const { messages } = decodeImageAs('files', 'files.img', await readFile(join(images, 'files.img')));
  const ghosts = new Set(await ghostIds(images));
  return messages.flatMap(({ reg }) => (reg && !reg.ext && !ghosts.has(reg.id) ? [reg] : []));
}

/** Ids of files, which vma_entry.shmid holds for mappings of files. */
async function writtenMappings(images: string): Promise<Set<number>> {
  const names = (await readdir(images)).filter((name) => /^mm-\d+\.img$/.test(name));
  const vmas = await Promise.all(
    names.map(async (name) => {
      const { messages } = decodeImageAs('mm', name, await readFile(join(images, name)));
      return messages.flatMap((mm) => mm.vmas);
    }),
  );
  const written = vmas.flat().filter(({ status, prot }) => status & VMA.FILE_SHARED && prot & PROT_WRITE);
  return new Set(written.map(({ shmid }) => Number(shmid)));
}

async function ghostIds(images: string): Promise<number[]> {
  const name = 'remap-fpath.img';
  const bytes = await readFile(join(images, name)).catch(() => undefined);
  return bytes ? decodeImageAs('remap-fpath', name, bytes).messages.map(({ orig_id }) => orig_id) : [];
}
