// SPDX-License-Identifier: GPL-3.0-or-later
// A bundle and the images of a process tree that runs it, on disk; and the tool itself.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { makeBundle } from '@h-containers/bundle/testing';
import type { Isa } from '@h-containers/tool-kit';
import { type DumpSpec, makeCalls, makeDump, makeRandom, makeTables } from '@h-containers/transform/testing';
import { execa } from 'execa';

export const BUNDLE_ID = '5a'.repeat(20);
const IDS = 40;

export interface World {
  /** Temporary; holds `bundles/sort` and `images`. */
  dir: string;
  spec: DumpSpec;
}

export function makeWorld(isa: Isa, more: Partial<DumpSpec> = {}): World {
  const dir = mkdtempSync(join(tmpdir(), 'hc-xform-test-'));
  const random = makeRandom(3);
  const tables = makeTables(IDS, random);
  const names = {
    functions: ['main', 'sort', 'compare'],
    sites: Array.from({ length: IDS }, (_, id) => [id % 3, `sort.c`, 10 + id] as [number, string, number]),
  };
  makeBundle(join(dir, 'bundles/sort'), { bundleId: BUNDLE_ID, tables, names });
  const calls = () => makeCalls(random.between(1, 40), IDS, random);
  const spec: DumpSpec = {
    isa,
    bundleId: BUNDLE_ID,
    fileSize: 4096,
    tables,
    executable: `/opt/sort/${isa}/app`,
    tasks: [
      {
        pid: 100,
        ppid: 0,
        threads: [
          { tid: 100, calls: calls() },
          { tid: 103, calls: calls() },
        ],
      },
      { pid: 101, ppid: 100, threads: [{ tid: 101, calls: calls() }] },
    ],
    ...more,
  };
  writeDump(join(dir, 'images'), makeDump(spec));
  return { dir, spec };
}

export function removeWorld({ dir }: World): void {
  rmSync(dir, { recursive: true });
}

export function writeDump(directory: string, files: ReadonlyMap<string, Buffer>): void {
  for (const [name, bytes] of files) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), bytes);
  }
}

/** Files of a directory and those below hc/, records and times apart. */
export function readDump(directory: string): Map<string, Buffer> {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(names.sort().map((path) => [path.slice(directory.length + 1), readFileSync(path)]));
}

export const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

export interface RunOptions {
  dir: string;
  input?: Uint8Array;
  env?: Record<string, string>;
}

export async function hcXform(args: string[], { dir, input, env }: RunOptions) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['--import', 'tsx', CLI, ...args], {
    reject: false,
    encoding: 'buffer',
    stripFinalNewline: false,
    env: { HC_BUNDLES: join(dir, 'bundles'), ...env },
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
  });
  return { exitCode, stdout: Buffer.from(stdout), stderr: Buffer.from(stderr).toString('utf8') };
}
