// SPDX-License-Identifier: GPL-3.0-or-later
// The pair of guests. Tests start a pair of their own that ends with them; `npm run guests -- up` starts one that stays.
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Isa, isas, plans } from './architectures.ts';
import { Guest } from './guest.ts';
import { ensureImages, guestKeys } from './image/build.ts';
import { installTools } from './install.ts';
import { runs } from './paths.ts';
import { launch, type Machine } from './qemu.ts';

export type { Isa } from './architectures.ts';
export { type ExecOptions, type ExecResult, Guest, GuestError, quote } from './guest.ts';
export { installTools } from './install.ts';

export interface Guests {
  x86: Guest;
  arm: Guest;
  /** The same two by name. */
  of: Record<Isa, Guest>;
  /** The tools found in them. */
  tools: string[];
  /** Process ids of the two QEMUs. */
  machines: number[];
  /** Ends both; a pair that was already up stays up. */
  stop(): Promise<void>;
}

/** The pair of `npm run guests -- up`. */
const sharedFolder = join(runs, 'shared');
const stateFile = join(sharedFolder, 'machines.json');

interface State {
  pid: number;
  port: number;
  commandPort: number;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function killMachine({ pid }: { pid: number }): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

async function boot(folder: string, tied: boolean, report: (message: string) => void): Promise<Machine[]> {
  const images = await ensureImages(report);
  const { host } = await guestKeys();
  await writeFile(join(folder, 'known_hosts'), `guest ${host.publicKey}\n`);
  const results = await Promise.allSettled(
    isas.map((isa) => launch(plans[isa], { folder, images: images[isa], tied })),
  );
  const failure = results.find((result) => result.status === 'rejected');
  const machines = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  if (failure) {
    machines.forEach(killMachine);
    throw failure.reason;
  }
  return machines;
}

async function pair(machines: Machine[], stop: () => Promise<void>): Promise<Guests> {
  const { user } = await guestKeys();
  const of = Object.fromEntries(
    machines.map((machine) => [machine.plan.isa, new Guest(machine, user)]),
  ) as Record<Isa, Guest>;
  await Promise.all(Object.values(of).map((guest) => guest.connect()));
  const [tools] = await Promise.all([
    installTools(Object.values(of)),
    ...Object.values(of).map((guest) => guest.setClock()),
  ]);
  return { x86: of['x86-64'], arm: of.aarch64, of, tools, machines: machines.map(({ pid }) => pid), stop };
}

async function sharedMachines(): Promise<Machine[] | undefined> {
  const text = await readFile(stateFile, 'utf8').catch(() => '');
  if (!text) return undefined;
  const state = JSON.parse(text) as Record<Isa, State>;
  const machines = isas.map((isa) => ({ plan: plans[isa], folder: sharedFolder, ...state[isa] }));
  return machines.every(({ pid }) => isRunning(pid)) ? machines : undefined;
}

/** The pair that is up, if there is one. */
export async function attachGuests(): Promise<Guests | undefined> {
  const machines = await sharedMachines();
  return machines && pair(machines, async () => {});
}

/** Starts the pair that stays up after this process. */
export async function raiseGuests(report = console.error): Promise<Guests> {
  const present = await attachGuests();
  if (present) return present;
  await lowerGuests();
  await mkdir(sharedFolder, { recursive: true });
  const machines = await boot(sharedFolder, false, report);
  const state = Object.fromEntries(
    machines.map(({ plan, pid, port, commandPort }) => [plan.isa, { pid, port, commandPort }]),
  );
  await writeFile(stateFile, JSON.stringify(state));
  return pair(machines, async () => {});
}

/** Ends the pair that is up; returns whether there was one. */
export async function lowerGuests(): Promise<boolean> {
  const machines = await sharedMachines();
  machines?.forEach(killMachine);
  await rm(sharedFolder, { recursive: true, force: true });
  return machines !== undefined;
}

/** Folders of pairs whose process was killed. */
async function sweep(): Promise<void> {
  for (const name of await readdir(runs)) {
    const pid = Number(/^pair-(\d+)-/.exec(name)?.[1] ?? 0);
    if (pid > 0 && !isRunning(pid)) await rm(join(runs, name), { recursive: true, force: true });
  }
}

/**
 * Starts a fresh pair that ends with this process, however that ends. With HC_GUESTS=shared the pair that is up is taken,
 * which saves a developer some seconds a run.
 */
export async function startGuests(report = console.error): Promise<Guests> {
  const present = process.env.HC_GUESTS === 'shared' ? await attachGuests() : undefined;
  if (present) return present;
  await mkdir(runs, { recursive: true });
  await sweep();
  const folder = await mkdtemp(join(runs, `pair-${process.pid}-`));
  let machines: Machine[] = [];
  const end = (): void => {
    machines.forEach(killMachine);
    rmSync(folder, { recursive: true, force: true });
    process.off('exit', end);
  };
  process.on('exit', end);
  try {
    machines = await boot(folder, true, report);
    return await pair(machines, async () => end());
  } catch (error) {
    end();
    throw error;
  }
}
