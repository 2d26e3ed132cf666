// SPDX-License-Identifier: GPL-3.0-or-later
// Files for a web server whose content follows from their names, so that a client knows it without having them.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { randomNumbers } from '../random.ts';

export interface Page {
  name: string;
  size: number;
  sha256: string;
  content: Buffer;
}

const sizes = [0, 1, 100, 1460, 4096, 20_000, 65_536, 300_001];

export function pages(): Page[] {
  return sizes.map((size, index) => {
    const random = randomNumbers(index + 1);
    const content = Buffer.from(Array.from({ length: size }, () => Math.floor(random() * 256)));
    return { name: `page-${index}.bin`, size, sha256: sha256(content), content };
  });
}

export async function writeSite(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const { name, content } of pages()) await writeFile(join(folder, name), content);
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
