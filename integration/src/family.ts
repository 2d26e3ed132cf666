// SPDX-License-Identifier: GPL-3.0-or-later
// Small programs that move together, as one process tree: a move costs the same for one and for twenty.
import { basename, join } from 'node:path';
import glob from 'fast-glob';
import { buildProgram, cProgram, type Program } from './build.ts';
import { type Guests, quote } from './guests.ts';
import { top } from './paths.ts';
import { pool } from './pool.ts';
import { bundles, differences, installBundle, Job, type JobPlan, type Outputs, runHere } from './scenario.ts';

export interface FamilyProgram {
  name: string;
  build(): Promise<Program>;
}

export interface FamilyOptions {
  name: string;
  programs: FamilyProgram[];
  /** Environment of the moving ones. */
  env: Record<string, string>;
  /** Folders besides their own where they write. */
  files: string[];
  /** Lines of their stderr that say that they may be moved. */
  ready: string;
  /** Each moves a second time as NAME-threads, with THREADS in its environment. */
  threads?: boolean;
  /** Command that starts the family. */
  launcher?: string[];
}

/** What the name of a member with threads ends with. */
export const THREADS = '-threads';

export interface Member {
  /** How often it was moved before it ended. */
  hops: number;
  /** Empty if it ended well and wrote what the ordinary build writes that never moved. */
  differences: readonly string[];
}

/** The C programs of a folder, one file each. */
export async function programsIn(folder: string): Promise<FamilyProgram[]> {
  const files = (await glob('*.c', { cwd: folder })).sort();
  return files.map((file) => ({
    name: basename(file, '.c'),
    build: async () => buildProgram(await cProgram(join(folder, file))),
  }));
}

interface Built {
  name: string;
  program: Program;
  expected: Outputs;
}

async function build({ name, build }: FamilyProgram, files: string[]): Promise<Built> {
  const program = await build();
  return { name, program, expected: await runHere({ name, program, files, outputs: ['out'] }) };
}

/** Moves them all whenever each of the living ones says that it may be moved. */
export async function moveFamily(guests: Guests, options: FamilyOptions): Promise<Map<string, Member>> {
  const atOnce = pool(2);
  const built = await Promise.all(
    options.programs.map((program) => atOnce(() => build(program, options.files))),
  );
  for (const { program } of built) await installBundle(guests, program);
  const suffixes = options.threads ? ['', THREADS] : [''];
  const members = built.flatMap((each) =>
    suffixes.map((suffix) => ({ ...each, name: `${each.name}${suffix}` })),
  );
  const names = members.map(({ name }) => name);
  const plan: JobPlan = {
    name: options.name,
    program: await buildProgram(await cProgram(join(top, 'integration/family/family.c'))),
    args: members.flatMap(({ name, program }) => [name, `${bundles}/${program.name}/x86-64/app`]),
    ...(options.launcher ? { launcher: options.launcher } : {}),
    env: options.env,
    files: options.files,
    outputs: [],
  };
  const job = new Job(guests, plan);
  const hops = new Map<string, number>();
  try {
    await job.start();
    for (;;) {
      const living = await waitUntilReady(job, names, options.ready);
      if (living.length === 0) break;
      await job.hop();
      for (const name of living) hops.set(name, job.hops.length);
    }
    await job.ended();
    const ends = (await job.read('out')).toString().split('\n');
    const results = new Map<string, Member>();
    for (const { name, expected } of members) {
      const well = ends.includes(`${name} 0`);
      const ending = well ? [] : [`it ended otherwise: ${ends.find((line) => line.startsWith(`${name} `))}`];
      const actual = { out: await job.read(`${name}/out`) };
      const found = [...ending, ...differences(expected, actual)];
      results.set(name, { hops: hops.get(name) ?? 0, differences: found });
    }
    return results;
  } finally {
    await job.remove();
  }
}

/** The programs that have not ended, once all of these may be moved (again). */
async function waitUntilReady(job: Job, names: readonly string[], ready: string): Promise<string[]> {
  const script = `
    ended() { grep -q "^$1 " out; }
    ready() { [ "$(grep -cE ${quote([ready])} $1/err 2>/dev/null)" -gt ${job.hops.length} ]; }
    for name in ${names.join(' ')}; do
      until ended $name || ready $name; do usleep 100000; done
      ended $name || echo $name
    done`;
  const living = await job.run(script, 300_000);
  return living.split('\n').filter(Boolean);
}
