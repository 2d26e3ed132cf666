// SPDX-License-Identifier: GPL-3.0-or-later
// bzip2, Lua and SQLite from their Debian source packages, with work for them in two sizes.
import { copyFile, open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { downloadSource } from '@h-containers/debian-packages';
import { buildProgram, type Program, type Recipe, type Runtime, sourceTree } from './build.ts';
import { once } from './once.ts';
import { top } from './paths.ts';
import { randomNumbers } from './random.ts';
import type { JobPlan } from './scenario.ts';

/** `full`: the demo; `small`: tests with moves; `tiny`: tests that park at every point, one ISA emulated. */
export type Size = 'full' | 'small' | 'tiny';

interface RealJob {
  name: string;
  sourcePackage: string;
  recipe(tree: string): Recipe;
  /** Scripts that go to the job's folder `in`. */
  sources: string[];
  /** Fills the job's folder `in`. */
  prepare(folder: string, size: Size): Promise<void>;
  args(size: Size): string[];
  outputs: string[];
}

const scripts = join(top, 'integration/jobs');
const mebibyte = 1 << 20;

const fileSizes: Record<Size, number> = { full: 64 * mebibyte, small: 28 * mebibyte, tiny: 300_000 };
const luaRounds: Record<Size, number> = { full: 5000, small: 4000, tiny: 3 };
const tableRows: Record<Size, number> = { full: 14_000, small: 14_000, tiny: 60 };

export const realJobs: readonly RealJob[] = [
  {
    name: 'bzip2',
    sourcePackage: 'bzip2',
    // Debian's makefile links bzip2 with a shared library: -o has make take it as given, so that the static one is used.
    recipe: (tree) =>
      sourceTree(
        'bzip2',
        tree,
        [{ command: (cc) => ['make', `CC=${cc}`, '-o', 'libbz2.so', 'libbz2.a', 'bzip2'] }],
        'bzip2',
      ),
    sources: [],
    prepare: (folder, size) => writeDisk(join(folder, 'disk.img'), fileSizes[size]),
    args: () => ['-9', '-c', '../in/disk.img'],
    outputs: ['out'],
  },
  {
    name: 'lua',
    sourcePackage: 'lua5.4',
    // Debian's makefile uses libtool to make shared libraries: upstream's own is in the patch that Debian applied.
    recipe: (tree) =>
      sourceTree(
        'lua',
        tree,
        [
          { command: () => ['patch', '-R', '-p1', '-i', 'debian/patches/0001-build-system.patch'] },
          // What debian/rules makes.
          {
            command: () => ['tee', 'src/lua5.4-deb-multiarch.h'],
            input: '#define DEB_HOST_MULTIARCH "x86_64-linux-gnu"\n',
          },
          { command: (cc) => ['make', `CC=${cc}`, 'posix'] },
        ],
        'src/lua',
      ),
    sources: [join(scripts, 'script.lua')],
    prepare: (folder) => copyFile(join(scripts, 'script.lua'), join(folder, 'script.lua')),
    args: (size) => ['../in/script.lua', String(luaRounds[size])],
    outputs: ['out', 'err'],
  },
  {
    name: 'sqlite',
    sourcePackage: 'sqlite3',
    recipe: (tree) =>
      sourceTree(
        'sqlite',
        tree,
        [
          {
            command: (cc) => [
              './configure',
              `CC=${cc}`,
              '--disable-shared',
              '--disable-tcl',
              '--disable-readline',
              '--disable-threadsafe',
              '--disable-load-extension',
            ],
          },
          { command: () => ['make', 'sqlite3'] },
        ],
        'sqlite3',
      ),
    sources: [join(scripts, 'script.sql')],
    prepare: (folder) => copyFile(join(scripts, 'script.sql'), join(folder, 'script.sql')),
    args: (size) => [
      'job.db',
      `create table size(rows); insert into size values(${tableRows[size]});`,
      '.read ../in/script.sql',
    ],
    outputs: ['out', 'err', 'job.db'],
  },
];

export async function buildJob(job: RealJob, runtime: Runtime = 'normal'): Promise<Program> {
  return buildProgram(job.recipe(await downloadSource(job.sourcePackage)), runtime);
}

export async function planJob(job: RealJob, size: Size, program: Program, suffix = ''): Promise<JobPlan> {
  const { name, outputs } = job;
  const input = await inputOf(job, size);
  return { name: `${name}${suffix}`, program, args: job.args(size), input, outputs };
}

async function inputOf(job: RealJob, size: Size): Promise<string> {
  const key = [
    size,
    String(fileSizes[size]),
    ...(await Promise.all(job.sources.map((path) => readFile(path, 'utf8')))),
  ];
  return once(`${job.name}-input`, key, (folder) => job.prepare(folder, size));
}

const words = 'move state frame stack point page thread image table guest native bundle'.split(' ');

/** Like an image of a half-full disk: text, noise, and mostly zeros. */
async function writeDisk(path: string, size: number): Promise<void> {
  const random = randomNumbers(1);
  const file = await open(path, 'w');
  const block = 64 * 1024;
  for (let written = 0; written < size; written += block) {
    await file.write(diskBlock(Math.min(block, size - written), random));
  }
  await file.close();
}

function diskBlock(length: number, random: () => number): Buffer {
  const kind = random();
  const bytes = Buffer.alloc(length);
  if (kind < 0.7) return bytes;
  if (kind < 0.75) return Buffer.from(Array.from(bytes, () => Math.floor(random() * 256)));
  let text = '';
  while (text.length < length)
    text += `${words[Math.floor(random() * words.length)]} ${Math.floor(random() * 1000)}\n`;
  bytes.write(text);
  return bytes;
}
