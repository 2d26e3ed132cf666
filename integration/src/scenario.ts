// SPDX-License-Identifier: GPL-3.0-or-later
// A job that runs in the guests: started in one, moved while it works, and compared with the same job of the ordinary
// build that never moved.
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Program } from './build.ts';
import type { Guest } from './guest.ts';
import { type Guests, type Isa, quote } from './guests.ts';
import { type Hop, move } from './move.ts';

/** Folder of bundles in the guests. */
export const bundles = '/work/programs';
/** In the guests: a folder for each job. */
export const jobs = '/work/jobs';

/**
 * A job has a folder with `in`, which it only reads and which both guests get, and `run`, its working directory, where it
 * writes: `out` and `err` are its stdout and stderr.
 */
export interface JobPlan {
  /** Unique among the jobs of the guests. */
  name: string;
  program: Program;
  args?: string[];
  /** Command that becomes the program, as `unshare -i`. */
  launcher?: string[];
  env?: Record<string, string>;
  /** Folder whose content becomes `in`. */
  input?: string;
  /** Other folders where it writes. */
  files?: string[];
  /** Addresses that move along, and each guest's interface for them. */
  addresses?: { names: string[]; devices: Record<Isa, string> };
  /** Files of `run` that must be the same whether it moved or not. */
  outputs: string[];
}

/** Copies the bundle, where hc-xform finds it, to both guests. */
export async function installBundle(guests: Guests, { name, bundle }: Program): Promise<void> {
  await Promise.all(Object.values(guests.of).map((guest) => guest.put(bundle, `${bundles}/${name}`)));
}

/** A process of a guest, and where it is now. */
export class Job {
  readonly plan: JobPlan;
  readonly hops: Hop[] = [];
  readonly #guests: Guests;
  #at: Guest;
  #pid = 0;

  constructor(guests: Guests, plan: JobPlan, start: Isa = 'x86-64') {
    this.plan = plan;
    this.#guests = guests;
    this.#at = guests.of[start];
  }

  get #folder(): string {
    return `${jobs}/${this.plan.name}`;
  }

  get #run(): string {
    return `${this.#folder}/run`;
  }

  async start(): Promise<void> {
    const { program, args = [], launcher = [], env = {}, input, files = [] } = this.plan;
    await installBundle(this.#guests, program);
    await Promise.all(
      Object.values(this.#guests.of).map(async (guest) => {
        await guest.run(`rm -rf ${quote([this.#folder])}; mkdir -p ${quote([this.#run, ...files])}`);
        if (input) await guest.put(input, `${this.#folder}/in`);
      }),
    );
    const { names = [], devices } = this.plan.addresses ?? {};
    // Neighbours may remember it at the other guest.
    for (const name of names) {
      const device = devices?.[this.#at.isa];
      await this.#at.run(`ip address add ${name}/24 dev ${device}; arping -q -c 1 -U -I ${device} ${name}`);
    }
    const words = quote([...launcher, `${bundles}/${program.name}/${this.#at.isa}/app`, ...args]);
    // Lowest priority: the tools' start-up must not have to compete with a job that computes.
    const command = `renice -n 19 -p $$ >/dev/null; setsid ${words} </dev/null >out 2>err & echo $!`;
    this.#pid = Number(await this.#at.run(command, { cwd: this.#run, env }));
  }

  /** Moves it to the other guest. */
  async hop(): Promise<Hop> {
    const from = this.#at;
    if (!(await this.isRunning())) {
      const { name } = this.plan;
      throw new Error(
        `${name} has ended, after ${this.hops.length} moves; it wrote: ${await this.read('err')}`,
      );
    }
    const to = this.#guests.of[from.isa === 'x86-64' ? 'aarch64' : 'x86-64'];
    const files = [this.#run, ...(this.plan.files ?? [])];
    const { names = [], devices } = this.plan.addresses ?? {};
    const addresses = devices ? { addresses: { names, device: devices[to.isa] } } : {};
    const hop = await move({ from, to, pid: this.#pid, bundles, files, ...addresses });
    this.#at = to;
    this.hops.push(hop);
    // The files have gone with it. One that the process removes meanwhile, as SQLite does with its journal, must not be
    // here still when the process comes back.
    await from.run(`rm -rf ${quote([this.#run])}; mkdir ${quote([this.#run])}`);
    return hop;
  }

  /** Waits until stderr has `count` lines that match; false when the job has ended without. */
  async waitForLines(pattern: string, count: number, timeoutMs = 300_000): Promise<boolean> {
    const script = [
      `found() { [ "$(grep -cE ${quote([pattern])} err)" -ge ${count} ]; }`,
      `until found; do kill -0 ${this.#pid} 2>/dev/null || { found; exit; }; usleep 100000; done`,
    ].join('\n');
    return (await this.#at.exec(script, { cwd: this.#run, timeoutMs })).code === 0;
  }

  get pid(): number {
    return this.#pid;
  }

  /** Where it is. */
  get at(): Guest {
    return this.#at;
  }

  /** Runs a shell command in its working directory, where it is now. */
  async run(command: string, timeoutMs: number): Promise<string> {
    return this.#at.run(command, { cwd: this.#run, timeoutMs });
  }

  async isRunning(): Promise<boolean> {
    return (await this.#at.exec(`kill -0 ${this.#pid}`)).code === 0;
  }

  async ended(timeoutMs = 600_000): Promise<void> {
    await this.#at.run(`while kill -0 ${this.#pid} 2>/dev/null; do usleep 100000; done`, { timeoutMs });
  }

  /** A file of its working directory, where it is now. */
  read(name: string): Promise<Buffer> {
    return this.#at.read(`${this.#run}/${name}`);
  }

  /** Ends it wherever it is and removes what it wrote. */
  async remove(): Promise<void> {
    const { names = [], devices } = this.plan.addresses ?? {};
    const command = (isa: Isa) =>
      [
        // Its session: children may outlive it.
        `for stat in /proc/[0-9]*/stat; do awk '$6 == ${this.#pid} {system("kill -9 " $1)}' $stat; done 2>/dev/null; rm -rf ${quote([this.#folder])}`,
        ...names.map((name) => `ip address del ${name}/24 dev ${devices?.[isa]} 2>/dev/null`),
      ].join('; ');
    await Promise.all(Object.values(this.#guests.of).map((guest) => guest.exec(command(guest.isa))));
  }
}

export type Outputs = Record<string, Buffer>;

/** Runs an executable of the job on this machine, in the same surroundings. */
export async function runHere(
  plan: JobPlan,
  command = [plan.program.reference],
  env: Record<string, string> = {},
): Promise<Outputs> {
  const folder = await mkdtemp(join(tmpdir(), 'hc-job-'));
  try {
    const run = join(folder, 'run');
    await mkdir(run);
    if (plan.input) await cp(plan.input, join(folder, 'in'), { recursive: true, preserveTimestamps: true });
    const [program = '', ...args] = [...command, ...(plan.args ?? [])];
    const { exitCode, signal } = await execa(program, args, {
      cwd: run,
      env,
      stdin: 'ignore',
      stdout: { file: join(run, 'out') },
      stderr: { file: join(run, 'err') },
      buffer: false,
      reject: false,
    });
    if (exitCode !== 0) {
      const text = (await Promise.all(['out', 'err'].map((name) => readFile(join(run, name))))).join('\n');
      throw new Error(
        `${plan.name} ended with ${exitCode ?? signal}: ${[program, ...args].join(' ')}\n${text}`,
      );
    }
    return await collect(plan, (name) => readFile(join(run, name)));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function collect(plan: JobPlan, read: (name: string) => Promise<Buffer>): Promise<Outputs> {
  const entries = plan.outputs.map(async (name) => [name, await read(name)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

/** What differs, in words: nothing when all is the same byte for byte. */
export function differences(expected: Outputs, actual: Outputs): string[] {
  return Object.entries(expected).flatMap(([name, bytes]) => {
    const other = actual[name];
    if (other?.equals(bytes)) return [];
    if (!other) return [`${name} is missing`];
    const at = bytes.findIndex((byte, index) => byte !== other[index]);
    const excerpt = (buffer: Buffer) =>
      JSON.stringify(buffer.subarray(Math.max(0, at - 60), at + 100).toString());
    return [
      `${name}: ${bytes.length} bytes expected, ${other.length} found; from byte ${at}: ${excerpt(bytes)} expected, ${excerpt(other)} found`,
    ];
  });
}
