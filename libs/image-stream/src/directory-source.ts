// SPDX-License-Identifier: GPL-3.0-or-later
import type { Dirent } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HcError, systemError } from '@h-containers/tool-kit';
import { filePages } from './file-pages.ts';
import type { Limits } from './limits.ts';
import { checkedName, placeOf } from './names.ts';
import { type ImageSource, noSuchMember, type PagesMember } from './source.ts';

export async function openDirectory(directory: string, limits: Limits): Promise<ImageSource> {
  const names = await listFiles(directory, limits);
  const small = names.filter((name) => placeOf(name) === 'small');
  const pages = names.filter((name) => placeOf(name) === 'pages');
  const smallNames = new Set(small);
  return {
    location: directory,
    names: small,
    has: (name) => smallNames.has(name),
    async read(name) {
      if (!smallNames.has(name)) throw noSuchMember(directory, name);
      return readSmall(join(directory, name), limits);
    },
    async *pages() {
      for (const name of pages) yield* onePages(name, join(directory, name));
    },
    async finish() {},
    async close() {},
  };
}

/** Names of regular files, flat and below hc/. */
async function listFiles(directory: string, limits: Limits): Promise<string[]> {
  const top = await entries(directory);
  const below = top.some((entry) => entry.name === 'hc' && entry.isDirectory())
    ? (await entries(join(directory, 'hc'))).map((entry) => ({ entry, name: `hc/${entry.name}` }))
    : [];
  const all = [
    ...top.filter((entry) => entry.name !== 'hc').map((entry) => ({ entry, name: entry.name })),
    ...below,
  ];
  if (all.length > limits.members)
    throw new HcError(`${directory}: ${all.length} files are more than the ${limits.members} allowed`);
  for (const { entry, name } of all) {
    checkedName(name, directory);
    if (!entry.isFile()) throw notRegular(join(directory, name), entry);
  }
  if (all.length === 0)
    throw new HcError(`${directory}: the directory is empty`, { hint: 'dump into it first' });
  return all.map(({ name }) => name).sort();
}

function entries(directory: string): Promise<Dirent[]> {
  return readdir(directory, { withFileTypes: true }).catch((error) => {
    throw systemError(error, directory);
  });
}

function notRegular(path: string, entry: Dirent): HcError {
  const parent = entry.isSymbolicLink() && entry.name === 'parent';
  return new HcError(`${path}: not a regular file`, {
    hint: parent
      ? 'this is an incremental dump; dump without --prev-images-dir'
      : 'an image directory holds regular files only',
  });
}

async function readSmall(path: string, limits: Limits): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > limits.smallMember)
      throw new HcError(`${path}: ${size} bytes are more than the ${limits.smallMember} allowed`);
    return await readFile(path);
  } catch (error) {
    throw systemError(error, path);
  }
}

async function* onePages(name: string, path: string): AsyncGenerator<PagesMember> {
  const file = await open(path).catch((error) => {
    throw systemError(error, path);
  });
  try {
    yield filePages(name, path, file, (await file.stat()).size);
  } finally {
    await file.close();
  }
}
