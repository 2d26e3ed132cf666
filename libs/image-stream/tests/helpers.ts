// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { type Header, pack } from 'tar-stream';
import type { ImageSink } from '../src/index.ts';
import { StreamSink } from '../src/stream-sink.ts';

export const PASS = ['--import', 'tsx', fileURLToPath(new URL('fixtures/pass.ts', import.meta.url))];

export type Files = Record<string, string | Buffer>;

export const IMAGES: Files = {
  'core-7.img': 'core',
  'hc/hc-dump.json': '{}\n',
  'inventory.img': 'inventory',
  'pages-1.img': Buffer.alloc(300_000, 'p'),
  'pages-2.img': Buffer.alloc(513, 'q'),
};

/** Runs `work` in a new directory that is gone afterwards. */
export async function inDirectory(work: (directory: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'hc-test-'));
  try {
    await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

export async function writeFiles(directory: string, files: Files): Promise<void> {
  for (const [name, contents] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), contents);
  }
}

export async function readFiles(directory: string): Promise<Files> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const names = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.path, entry.name).slice(directory.length + 1));
  return Object.fromEntries(
    await Promise.all(
      names.sort().map(async (name) => [name, await readFile(join(directory, name))] as const),
    ),
  );
}

export function asBuffers(files: Files): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(files).map(([name, contents]) => [name, Buffer.from(contents)]));
}

/** What a tool writes to stdout, in memory. */
export async function streamOf(write: (sink: ImageSink) => Promise<void>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const sink = new StreamSink({
    write(chunk, callback) {
      chunks.push(Buffer.from(chunk));
      setImmediate(callback);
      return true;
    },
    on() {},
  });
  await write(sink);
  await sink.finish();
  return Buffer.concat(chunks);
}

export const ourStream = (files: Files) =>
  streamOf(async (sink) => {
    for (const [name, contents] of Object.entries(files)) await sink.add(name, Buffer.from(contents));
  });

export type Member = [header: Partial<Header> & { name: string }, contents?: string];

/** A foreign archive with any headers one likes. */
export async function archive(...members: Member[]): Promise<Buffer> {
  const tar = pack();
  for (const [header, contents] of members) {
    if (contents === undefined) tar.entry(header);
    else tar.entry(header, contents);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** As a pipe would deliver it. */
export function inChunks(bytes: Buffer, size = 1000): AsyncIterable<Buffer> {
  const count = Math.ceil(bytes.length / size);
  return Readable.from(
    Array.from({ length: count }, (_, index) => bytes.subarray(index * size, (index + 1) * size)),
  );
}

export interface Result {
  code: number | null;
  out: string;
  err: string;
}

export function shell(script: string, cwd: string): Promise<Result> {
  const env = { ...process.env, PASS: [process.execPath, ...PASS].join(' ') };
  const child = spawn('bash', ['-c', `set -o pipefail; ${script}`], {
    cwd: repository,
    env: { ...env, DIR: cwd },
  });
  const result = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    result.out += data;
  });
  child.stderr.on('data', (data) => {
    result.err += data;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...result })));
}

/** tsx is found from here. */
const repository = fileURLToPath(new URL('../../..', import.meta.url));
