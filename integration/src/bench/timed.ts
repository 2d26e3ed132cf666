// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a program and measures it, through benchmarks/timed.c.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { digestFiles } from './once.ts';
import { buildOrdinary } from './ordinary.ts';
import { benchmarks } from './paths.ts';

export interface Usage {
  /** User and system time. */
  cpuMs: number;
  peakMb: number;
}

async function buildTimed(): Promise<string> {
  const source = join(benchmarks, 'timed.c');
  return buildOrdinary({ name: 'timed', key: [await digestFiles([source])], files: [source], flags: [] });
}

let timed: Promise<string> | undefined;

function closed(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve());
  });
}

type Stream = 'ignore' | 'pipe' | 'inherit' | number;
type Streams = [stdin: Stream, stdout: Stream, stderr: Stream];

export interface Started {
  child: ChildProcess;
  /** Rejects when the program fails. */
  usage: Promise<Usage>;
}

/** Starts a program, by its absolute path, with streams of your own. `script`: shell commands that run it as "$@". */
export async function startTimed(
  words: readonly string[],
  [stdin, stdout, stderr]: Streams,
  script?: string,
): Promise<Started> {
  timed ??= buildTimed();
  const command = [await timed, ...words];
  const [program = '', ...args] =
    script === undefined ? command : ['/bin/sh', '-c', script, 'sh', ...command];
  const child = spawn(program, args, { stdio: [stdin, stdout, stderr, 'pipe'] });
  const finish = async (): Promise<Usage> => {
    const [told] = await Promise.all([text(child.stdio[3] as Readable), closed(child)]);
    const [user = 0, system = 0, peakKb = 0, status = -1] = told.trim().split(' ').map(Number);
    if (status !== 0) throw new Error(`${words.join(' ')} ended with wait status ${status}`);
    return { cpuMs: (user + system) / 1000, peakMb: peakKb / 1024 };
  };
  return { child, usage: finish() };
}

export interface Command {
  words: readonly string[];
  stdin: string | undefined;
}

/** Runs to the end; `output` is a hash of what it wrote. */
export async function runTimed({ words, stdin }: Command): Promise<Usage & { output: string }> {
  const outputPath = join(tmpdir(), `hc-bench-${process.pid}.out`);
  const input = stdin === undefined ? undefined : await open(stdin);
  const output = await open(outputPath, 'w');
  try {
    const { usage } = await startTimed(words, [input?.fd ?? 'ignore', output.fd, 'inherit']);
    const used = await usage;
    const hash = createHash('sha256').update(await readFile(outputPath));
    return { ...used, output: hash.digest('hex') };
  } finally {
    await Promise.all([input?.close(), output.close(), rm(outputPath, { force: true })]);
  }
}
