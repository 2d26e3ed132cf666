// SPDX-License-Identifier: GPL-3.0-or-later
// Files that hc-dump --files has put into the stream. We run as root: they go only where --files allows.
import { chmod, chown, copyFile, mkdir, realpath, rename, rm, utimes } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, relative } from 'node:path';
import { type Cleanup, HcError, systemError } from '@h-containers/tool-kit';

export interface CarriedFile {
  member: string;
  path: string;
  mode: number;
  uid: number;
  gid: number;
  modifiedMs: number;
}

/** From hc/hc-dump.json, which comes from another machine. */
export function carriedFiles(value: unknown): CarriedFile[] {
  if (value === undefined) return [];
  const files = Array.isArray(value) ? value.map(carriedFile) : [undefined];
  if (files.some((file) => file === undefined))
    throw new HcError('hc/hc-dump.json is damaged: its list of files', { hint: 'dump again' });
  return files.filter((file) => file !== undefined);
}

function carriedFile(value: unknown): CarriedFile | undefined {
  const { member, path, mode, uid, gid, modifiedMs } = Object(value) as Record<string, unknown>;
  const numbers = [mode, uid, gid, modifiedMs].every((each) => typeof each === 'number' && each >= 0);
  if (typeof member !== 'string' || !/^hc\/file-\d+$/.test(member) || typeof path !== 'string' || !numbers)
    return undefined;
  return {
    member,
    path,
    mode: Number(mode),
    uid: Number(uid),
    gid: Number(gid),
    modifiedMs: Number(modifiedMs),
  };
}

/** Puts them in place, each as a whole or not at all. */
export async function installFiles(
  images: string,
  files: readonly CarriedFile[],
  allowed: readonly string[],
  cleanup: Cleanup,
): Promise<void> {
  const roots = await Promise.all(allowed.map(resolved));
  for (const file of files) await install(join(images, file.member), file, roots, cleanup);
}

async function install(
  from: string,
  file: CarriedFile,
  roots: readonly string[],
  cleanup: Cleanup,
): Promise<void> {
  const { path, mode, uid, gid, modifiedMs } = file;
  const refused = new HcError(`${path}: the stream carries this file, but it may not be put there`, {
    hint: 'allow it with --files DIR',
  });
  if (!isAbsolute(path) || normalize(path) !== path || !roots.some((root) => isWithin(path, root)))
    throw refused;
  try {
    await mkdir(dirname(path), { recursive: true });
    // A symbolic link on the way must not lead out of the directory.
    const folder = await realpath(dirname(path));
    if (!roots.some((root) => folder === root || isWithin(folder, root))) throw refused;
    const partial = join(folder, `.${basename(path)}.hc-${process.pid}`);
    const forget = cleanup.add(() => rm(partial, { force: true }));
    await copyFile(from, partial);
    await chown(partial, uid, gid);
    await chmod(partial, mode & 0o7777);
    await utimes(partial, modifiedMs / 1000, modifiedMs / 1000);
    await rename(partial, join(folder, basename(path)));
    forget();
  } catch (error) {
    throw systemError(error, path);
  }
}

async function resolved(directory: string): Promise<string> {
  return realpath(directory).catch((error) => {
    throw systemError(error, `${directory} (--files)`);
  });
}

function isWithin(path: string, directory: string): boolean {
  const way = relative(directory, path);
  return way !== '' && way !== '..' && !way.startsWith('../') && !isAbsolute(way);
}
