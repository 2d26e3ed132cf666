// SPDX-License-Identifier: GPL-3.0-or-later
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';

export { once } from '../once.ts';

export function digest(parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\n`).update(part);
  return hash.digest('hex').slice(0, 20);
}

export async function digestFiles(paths: readonly string[]): Promise<string> {
  return digest(await Promise.all(paths.map((path) => readFile(path))));
}
