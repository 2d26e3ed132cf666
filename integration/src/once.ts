// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cache } from './paths.ts';

const programs = join(cache, 'programs');

/** Makes a folder once: `work` fills a scratch folder, which is put in place whole. */
export async function once(
  name: string,
  key: string[],
  work: (folder: string) => Promise<void>,
): Promise<string> {
  const digest = createHash('sha256')
    .update(JSON.stringify([name, ...key]))
    .digest('hex');
  const folder = join(programs, `${name}-${digest.slice(0, 16)}`);
  if (await stat(folder).catch(() => undefined)) return folder;
  await mkdir(programs, { recursive: true });
  const scratch = await mkdtemp(join(programs, '.scratch-'));
  try {
    await work(scratch);
    await rename(scratch, folder).catch((error: NodeJS.ErrnoException) => {
      // Another process was quicker; its result is as good.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return folder;
}
