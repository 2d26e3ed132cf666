// SPDX-License-Identifier: GPL-3.0-or-later
// Debian packages as files and folders in the project's cache. Each is fetched once; later calls do no work.

import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { AptState, type Architecture } from './apt-state.ts';

const cache = fileURLToPath(new URL('../../../.cache/apt', import.meta.url));
const state = new AptState(cache);

async function soleEntry(folder: string): Promise<string | undefined> {
  const names = await readdir(folder).catch(() => []);
  return names.length === 1 ? join(folder, names[0] ?? '') : undefined;
}

/** Fills a scratch folder; what stands behind a failure is put in the user's terms. */
async function inScratch(what: string, work: (scratch: string) => Promise<void>): Promise<void> {
  await mkdir(cache, { recursive: true });
  const scratch = await mkdtemp(join(cache, 'scratch-'));
  try {
    await work(scratch);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(
      `Can't fetch ${what}: ${message}\nCheck the network and the machine's apt sources; to start over: rm -rf ${cache}`,
      { cause },
    );
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Moves a finished folder into place, so that an interrupted download never leaves half a package behind. */
async function publish(finished: string, folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await rename(finished, folder).catch((error: NodeJS.ErrnoException) => {
    // Another process was quicker; its copy is as good.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

async function published(folder: string): Promise<string> {
  const path = await soleEntry(folder);
  if (!path) throw new Error(`${folder} does not hold exactly one entry: remove it and try again.`);
  return path;
}

/** Fetches binary packages of one architecture, all missing ones at once, and returns the paths of their .deb files. */
export async function downloadBinaries(names: string[], architecture: Architecture): Promise<string[]> {
  const folderOf = (name: string) => join(cache, 'binary', `${name}_${architecture}`);
  const present = await Promise.all(names.map((name) => soleEntry(folderOf(name))));
  const missing = names.filter((_, index) => !present[index]);
  if (missing.length > 0) {
    await inScratch(`packages ${missing.join(', ')} (${architecture})`, async (scratch) => {
      await state.run(
        'apt-get',
        ['download', '-q', ...missing.map((name) => `${name}:${architecture}`)],
        scratch,
      );
      const files = await readdir(scratch);
      for (const name of missing) {
        const file = files.find((candidate) => candidate.startsWith(`${name}_`));
        if (!file) throw new Error(`apt-get download left no file of ${name}`);
        const own = join(scratch, name);
        await mkdir(own);
        await rename(join(scratch, file), join(own, file));
        await publish(own, folderOf(name));
      }
    });
  }
  return Promise.all(names.map((name) => published(folderOf(name))));
}

/** Fetches a binary package and returns the path of its .deb file. */
export async function downloadBinary(name: string, architecture: Architecture): Promise<string> {
  const [path = ''] = await downloadBinaries([name], architecture);
  return path;
}

/**
 * A mirror can announce a security update whose files it has not got (yet): then the version of the release itself,
 * which stays on every mirror.
 */
async function fetchSource(name: string, folder: string): Promise<void> {
  const fetch = (wanted: string) => state.run('apt-get', ['source', '-q', '--download-only', wanted], folder);
  try {
    await fetch(name);
  } catch (error) {
    await emptyFolder(folder);
    await fetch(`${name}/bookworm`).catch(() => {
      throw error;
    });
    process.stderr.write(`${name}: the newest version can't be fetched; taking the one of the release\n`);
  }
}

async function emptyFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder)) await rm(join(folder, entry), { recursive: true });
}

/** Fetches a source package and returns the folder of its unpacked and patched tree, for instance `.../musl-1.2.3`. */
export async function downloadSource(name: string): Promise<string> {
  const folder = join(cache, 'source', name);
  if (!(await soleEntry(folder))) {
    await inScratch(`source package ${name}`, async (scratch) => {
      await fetchSource(name, scratch);
      const description = (await readdir(scratch)).find((file) => file.endsWith('.dsc'));
      if (!description) throw new Error('apt-get source left no .dsc file');
      // musl_1.2.3-1.dsc -> musl-1.2.3
      const tree = description.replace('_', '-').replace(/-[^-]*$/, '');
      const own = join(scratch, 'unpacked');
      await mkdir(own);
      // apt has checked the archives against the signed lists.
      await execa('dpkg-source', [
        '--no-check',
        '-q',
        '--no-copy',
        '-x',
        join(scratch, description),
        join(own, tree),
      ]);
      await publish(own, folder);
    });
  }
  return published(folder);
}

/**
 * Fetches what a source package has from upstream, without Debian's own part, and returns the folder of the tree. For packages
 * of which only upstream's files are wanted.
 */
export async function downloadUpstream(name: string): Promise<string> {
  const folder = join(cache, 'upstream', name);
  if (!(await soleEntry(folder))) {
    await inScratch(`upstream's part of source package ${name}`, async (scratch) => {
      await state.run('apt-get', ['source', '-q', '--download-only', '--tar-only', name], scratch);
      const archive = (await readdir(scratch)).find((file) => file.includes('.orig.tar.'));
      if (!archive) throw new Error('apt-get source left no .orig.tar file');
      const own = join(scratch, 'unpacked');
      await mkdir(own);
      await execa('tar', ['-xf', join(scratch, archive), '-C', own]);
      await publish(own, folder);
    });
  }
  return published(folder);
}

/**
 * The first package that `name` depends on and that matches `pattern`: what a metapackage stands for. The answer is kept,
 * like the packages themselves, so that the same cache always gives the same results.
 */
export async function resolveDependency(
  name: string,
  architecture: Architecture,
  pattern: RegExp,
): Promise<string> {
  const answer = join(cache, 'depends', `${name}_${architecture}`);
  const kept = await readFile(answer, 'utf8').catch(() => '');
  if (pattern.test(kept)) return kept;
  await mkdir(dirname(answer), { recursive: true });
  const listing = await state.run('apt-cache', ['depends', '--important', `${name}:${architecture}`], cache);
  for (const line of listing.split('\n')) {
    const dependency = /^\s*Depends: (\S+?)(?::\w+)?$/.exec(line)?.[1];
    if (dependency && pattern.test(dependency)) {
      await writeFile(answer, dependency);
      return dependency;
    }
  }
  throw new Error(`Package ${name}:${architecture} depends on nothing that matches ${pattern}.`);
}

/** Unpacks a .deb into a folder, without its maintainer scripts. Needs no root. */
export async function unpackBinary(deb: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await execa('dpkg-deb', ['-x', deb, folder]);
}
