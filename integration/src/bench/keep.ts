// SPDX-License-Identifier: GPL-3.0-or-later
// Results are kept in integration/results, by day and by what was measured.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Conditions } from './machine.ts';
import { results } from './paths.ts';

/** Writes <date><suffix>.json, and more files of other kinds by their endings. */
export async function keep(
  suffix: string,
  result: { conditions: Conditions; [part: string]: unknown },
  more: Readonly<Record<string, string>> = {},
): Promise<void> {
  const path = join(results, `${result.conditions.date.slice(0, 10)}${suffix}`);
  const files = { '.json': `${JSON.stringify(result, null, 2)}\n`, ...more };
  await mkdir(results, { recursive: true });
  for (const [ending, text] of Object.entries(files)) await writeFile(`${path}${ending}`, text);
  console.log(
    `kept in ${Object.keys(files)
      .map((ending) => path + ending)
      .join(', ')}`,
  );
}
