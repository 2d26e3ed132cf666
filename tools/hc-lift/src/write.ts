// SPDX-License-Identifier: GPL-3.0-or-later
import { createReadStream } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { systemError } from '@h-containers/tool-kit';

/** undefined: standard output. */
export async function writeBitcode(from: string, to: string | undefined): Promise<void> {
  try {
    if (to === undefined) await pipeline(createReadStream(from), process.stdout, { end: false });
    else await copyFile(from, to);
  } catch (error) {
    throw systemError(error, to ?? 'standard output');
  }
}

export async function writeText(text: string, to: string | undefined): Promise<void> {
  try {
    if (to !== undefined) await writeFile(to, text);
    else await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
  } catch (error) {
    throw systemError(error, to ?? 'standard output');
  }
}
