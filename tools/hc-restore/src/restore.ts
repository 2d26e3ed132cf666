// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { criuVersion, runCriu } from '@h-containers/criu';
import { copyImages, type ImageSource, openImages, openOutput, placeOf } from '@h-containers/image-stream';
import { ownVdso, thisMachine } from '@h-containers/processes';
import {
  type Cleanup,
  HcError,
  type HcRecord,
  type Reporter,
  systemError,
  type Timers,
} from '@h-containers/tool-kit';
import { checkAll } from './checks.ts';
import { checkAlive, created, type Process, remove, start } from './created.ts';
import { installFiles } from './files.ts';
import { downTime, renderHistory, stageOf } from './history.ts';
import { announceFiles } from './identities.ts';
import { type Dump, readDump, type Task } from './images.ts';
import { makeReady, Network } from './network.ts';
import { restoreOptions } from './options.ts';
import { type Records, readRecords } from './records.ts';
import { addVdso, announceVdso } from './vdso.ts';

export interface RestoreOptions {
  in: string | undefined;
  criu: string;
  workDir: string;
  pidfile: string | undefined;
  /** Where files of the stream may be written. */
  files: readonly string[];
  /** Addresses that may be put on, and their interfaces. */
  addresses: ReadonlyMap<string, string>;
}

export interface RestoreContext {
  cleanup: Cleanup;
  report: Reporter;
  signal: AbortSignal;
  timers: Timers;
  record(fields: Record<string, unknown>): HcRecord;
}

/** Restores and starts. Until the processes run, any failure leaves nothing behind; hc-dump hears of it by a broken pipe. */
export async function restore(options: RestoreOptions, context: RestoreContext): Promise<void> {
  const { cleanup, report, signal, timers } = context;
  const ready = makeReady(options.addresses, cleanup);
  await criuVersion(options.criu);
  const source = await timers.time('receive', () => openImages({ in: options.in, cleanup }));
  const directory = await makeWorkDirectory(options.workDir, cleanup);
  const images = join(directory, 'images');
  await timers.time('receive', () => unpack(source, images, cleanup));
  signal.throwIfAborted();

  const records = await readRecords(source);
  await timers.time('files', () => installFiles(images, records.files, options.files, cleanup));
  const dump = await readDump(images);
  const pageBytes = await sizeOfPages(images);
  await timers.time('check', () => checkAll({ dump, record: records, machine: thisMachine(), pageBytes }));
  const network = await timers.time('network', () =>
    Network.check(
      { root: dump.tasks[0]?.pid ?? 0, addresses: records.addresses, connections: dump.connections },
      options.addresses,
      ready,
    ),
  );
  signal.throwIfAborted();

  const withVdso = await timers.time('vdso', () => addVdsos(images, dump));

  // One that has died, and was not waited for, comes back as it was and needs nothing.
  const pids = dump.tasks.filter(({ isa }) => isa !== undefined).map(({ pid }) => pid);
  const connections = dump.connections.length > 0;
  const staying = await timers.time('network', () => network.arrive(cleanup));
  const announced = network.announce();
  announced.catch(() => {});
  let restored: Promise<boolean> | undefined;
  const forget = cleanup.add(async () => {
    // CRIU removes what it has made when it fails: then whoever has these pids is none of ours.
    if (await restored) await remove(created(pids));
  });
  const restoring = timers.time('criu', () =>
    runCriu({ criu: options.criu, action: 'restore', images, options: restoreOptions(connections) }),
  );
  restored = restoring.then(
    () => true,
    () => false,
  );
  await restoring;
  signal.throwIfAborted();

  const processes = created(pids);
  for (const { pid } of withVdso) announceVdso(pid);
  for (const { pid } of processes) announceFiles(pid, records.identities, report);
  checkAlive(processes);
  // From here on there is no way back: what peers have sent is acknowledged, and the process makes progress.
  await timers.time('unlock', () => network.unlock());
  await timers.time('start', () => start(processes));
  const runningAt = new Date();
  forget();
  staying();
  await confirm(source, processes);
  // Once more: an announcement may be lost.
  await network.announce().catch((error) => report.warn(String(error)));
  if (options.pidfile !== undefined) await writePidfile(options.pidfile, pids);
  tell(dump, records, runningAt, context);
}

async function makeWorkDirectory(parent: string, cleanup: Cleanup): Promise<string> {
  const directory = await mkdtemp(join(parent, 'hc-restore-')).catch((error) => {
    throw systemError(error, `${parent} (--work-dir)`);
  });
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

async function unpack(source: ImageSource, images: string, cleanup: Cleanup): Promise<void> {
  const sink = await openOutput({ out: images, cleanup });
  await copyImages(source, sink);
  await sink.finish();
}

/** Bytes of all pages-*.img. */
async function sizeOfPages(images: string): Promise<number> {
  const names = (await readdir(images)).filter((name) => placeOf(name) === 'pages');
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(images, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** The tasks that have got one. */
async function addVdsos(images: string, dump: Dump): Promise<Task[]> {
  const vdso = ownVdso();
  const added: Task[] = [];
  if (vdso) for (const task of dump.tasks) if (await addVdso(images, task, vdso)) added.push(task);
  return added;
}

async function confirm(source: ImageSource, processes: readonly Process[]): Promise<void> {
  try {
    await source.finish();
  } catch (error) {
    throw new HcError(`process ${processes[0]?.pid} runs here, but its source could not be told`, {
      hint: 'it may run on at the source as well: end one of them',
      cause: error,
    });
  }
}

async function writePidfile(path: string, pids: readonly number[]): Promise<void> {
  await writeFile(path, `${pids[0]}\n`).catch((error) => {
    throw systemError(error, path);
  });
}

function tell(dump: Dump, records: Records, runningAt: Date, { report, record }: RestoreContext): void {
  const own = stageOf(record({}));
  const stages = [...records.stages, ...(own ? [own] : [])];
  const downMs = downTime(records.parkedAt, runningAt);
  const [root] = dump.tasks;
  const down = downMs === undefined ? '' : `, after ${Math.round(downMs)} ms of down time`;
  report.info(`process ${root?.pid} (${root?.comm}) runs here${down}\n${renderHistory(stages)}`, {
    pid: root?.pid,
    downMs,
    runningAt,
    stages,
  });
}
