// SPDX-License-Identifier: GPL-3.0-or-later
// Input files, made by rule: the same everywhere.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { randomNumbers } from '../random.ts';
import { bzip2Source } from './debian-programs.ts';
import { once } from './once.ts';
import { buildOrdinary } from './ordinary.ts';

const MEBIBYTE = 1 << 20;

/** Text with the statistics of a log: repeated words, numbers that don't repeat. */
function textOf(size: number): string {
  const words =
    'the of node container request moved image page restore edge latency write read open closed'.split(' ');
  const random = randomNumbers(1);
  const next = (bound: number) => Math.floor(random() * bound);
  const lines: string[] = [];
  for (let length = 0; length < size; ) {
    const count = 4 + next(9);
    const picked = Array.from({ length: count }, () => words[next(words.length)]);
    const line = `${next(1_000_000)} ${picked.join(' ')} ${next(97).toString(36)}\n`;
    lines.push(line);
    length += line.length;
  }
  return lines.join('').slice(0, size);
}

export async function bzip2Input(): Promise<string> {
  const folder = await once('text', ['8 MiB'], (scratch) =>
    writeFile(join(scratch, 'text'), textOf(8 * MEBIBYTE)),
  );
  return join(folder, 'text');
}

/** By the ordinary build. */
export async function compressedInput(): Promise<string> {
  const text = await bzip2Input();
  const folder = await once('text-compressed', [text], async (scratch) => {
    const bzip2 = await buildOrdinary(await bzip2Source());
    await execa(bzip2, ['-9', '-c'], {
      inputFile: text,
      stdout: { file: join(scratch, 'text.bz2') },
      buffer: false,
    });
  });
  return join(folder, 'text.bz2');
}
