// SPDX-License-Identifier: GPL-3.0-or-later
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runCriu } from '@h-containers/criu';
import type { DumpStatsEntry } from '@h-containers/criu-images';
import { type ImageSink, writeConfirm } from '@h-containers/image-stream';
import { openFiles, thisMachine } from '@h-containers/processes';
import {
  type Cleanup,
  type HcRecord,
  type Reporter,
  recordMember,
  type Timers,
} from '@h-containers/tool-kit';
import { checkDescriptors } from './descriptors.ts';
import { filesToCarry } from './files.ts';
import type { HandOver } from './hand-over.ts';
import { dumpStatistics, imageNames, parkedMember } from './images.ts';
import type { Network } from './network.ts';
import { dumpOptions } from './options.ts';
import { settle } from './settle.ts';
import { connectionsOf } from './sockets.ts';
import { checkParked, ended, pidsOf, resume, type Source } from './source.ts';
import { checkSpace } from './space.ts';
import { readPieces, sizeOf, type Trimmed, trimZeros } from './zeros.ts';

export interface DumpOptions {
  criu: string;
  criuVersion: string;
  /** Files below these directories that the process writes to travel along. */
  files: readonly string[];
  /** Write hc/confirm, which the reader takes once the process runs at the destination. */
  confirmation: boolean;
  /** A copy is made: the source runs on. */
  leaveRunning: boolean;
}

/** What is made ready before the process is stopped. */
export interface Preparations {
  /** Where CRIU writes. */
  directory: string;
  handOver: HandOver;
  network: Network;
}

export interface DumpContext {
  cleanup: Cleanup;
  report: Reporter;
  signal: AbortSignal;
  timers: Timers;
  record(fields: Record<string, unknown>): HcRecord;
}

export interface Member {
  name: string;
  bytes: Buffer;
}

/** Dumps the source, hands it over, and only then ends it. However it fails, the source runs on. */
export async function dump(
  notified: Source,
  earlier: readonly Member[],
  sink: ImageSink,
  prepared: Preparations,
  options: DumpOptions,
  context: DumpContext,
): Promise<void> {
  const { cleanup, report, signal } = context;
  const { directory, handOver, network } = prepared;
  const progress: Progress = { source: notified };
  const forget = cleanup.add(async () => {
    // The reader of the confirmation can't be called back: what it does decides.
    const over = await progress.takenOver;
    handOver.decide(over ? 'end' : 'run');
    const completed = await progress.criu?.then(
      () => true,
      () => false,
    );
    if (over && completed) return endSource(progress.source, prepared, progress.connections, report);
    await handOver.undoAll();
    await runOn(progress.source, report);
  });

  checkParked(notified);
  checkDescriptors(pidsOf(notified));
  const source = await context.timers.time('settle', async () => {
    await network.holdOff(notified.root, handOver);
    return settle(notified, signal, (changed) => {
      progress.source = changed;
    });
  });
  progress.source = source;
  const pids = pidsOf(source);
  await checkSpace(directory, pids);
  const identities = Object.fromEntries(pids.map((pid) => [pid, identitiesOf(pid)]));
  const connections = connectionsOf(pids).length;
  progress.connections = connections > 0;
  signal.throwIfAborted();

  const facts = { root: source.root, connections: connections > 0 };
  await context.timers.time('lock', () => network.lock(source.root));
  const criu = runCriu({
    criu: options.criu,
    action: 'dump',
    images: directory,
    options: dumpOptions(facts),
  });
  criu.catch(() => {});
  progress.criu = criu;
  await context.timers.time('criu', () => handOver.dumped(criu));
  signal.throwIfAborted();
  const departing = context.timers.time('depart', () => network.depart(handOver));

  const [parked, trimmed] = await Promise.all([
    context.timers.time('extract', () => Promise.all(pids.map(parkedMember))),
    context.timers.time('trim', () => trimZeros(directory)),
    departing,
  ]);
  const names = await imageNames(directory);
  const files = await filesToCarry(directory, options.files);
  const bytes = await totalSize(directory, [...names.small, ...names.pages], trimmed);
  const record = context.record({
    ...thisMachine(),
    ...{ pid: source.root, pids, parkedAt: source.parkedAt, bytes },
    criu: { version: options.criuVersion, options: dumpOptions(facts) },
    files,
    addresses: network.carried,
    connections,
    identities,
  });

  for (const { name, bytes } of [...earlier, recordMember(record), ...parked]) await sink.add(name, bytes);
  for (const name of [...names.small, ...names.pages]) {
    signal.throwIfAborted();
    await addImage(sink, directory, name, trimmed);
  }
  for (const { member, path } of files) await addFile(sink, member, path);
  report.info(`dumped process ${source.root}: ${mebibytes(bytes)} in ${Math.round(record.ms.total)} ms`, {
    pid: source.root,
    bytes,
    ms: record.ms,
  });

  const writing = finishStream(sink, options.confirmation);
  if (options.leaveRunning) return writing;
  progress.takenOver = writing.then(
    () => true,
    () => false,
  );
  await writing;
  handOver.decide('end');
  await criu;
  forget();
  await endSource(source, prepared, progress.connections, report);
}

/** What this machine's kernel knows a process's open files by: `device:inode` by descriptor. */
function identitiesOf(pid: number): Record<string, string> {
  const entries = [...openFiles(pid)].map(([fd, { device, inode }]) => [fd, `${device}:${inode}`]);
  return Object.fromEntries(entries);
}

interface Progress {
  source: Source;
  criu?: Promise<unknown>;
  connections?: boolean;
  takenOver?: Promise<boolean>;
}

async function finishStream(sink: ImageSink, confirmation: boolean): Promise<void> {
  if (confirmation) await writeConfirm(sink);
  await sink.finish();
}

/** CRIU has killed it. */
async function endSource(
  source: Source,
  { directory, network }: Preparations,
  connections: boolean | undefined,
  report: Reporter,
): Promise<void> {
  await ended(source);
  // What was left over locks nothing that is here: no reason to call the move a failure.
  await network.tidy(source.root, connections ?? false).catch((error) => report.warn(String(error)));
  const criu = statistics(await dumpStatistics(directory));
  report.info(`process ${source.root} has left this machine`, { pid: source.root, criu });
}

async function runOn(source: Source, report: Reporter): Promise<void> {
  const running = await resume(source);
  if (running.length > 0) report.info(`running on here: ${running.join(', ')}`);
}

/** CRIU counts in microseconds. */
function statistics(stats: DumpStatsEntry | undefined) {
  if (!stats) return {};
  const { freezing_time, frozen_time, memdump_time, memwrite_time, pages_written } = stats;
  const ms = { freezing: freezing_time, frozen: frozen_time, memdump: memdump_time, memwrite: memwrite_time };
  const entries = Object.entries(ms).map(([phase, microseconds]) => [phase, microseconds / 1000]);
  return { ms: Object.fromEntries(entries), pages: pages_written };
}

async function addFile(sink: ImageSink, name: string, path: string): Promise<void> {
  const { size } = await stat(path);
  const chunks = createReadStream(path, { highWaterMark: 1024 * 1024 });
  await sink.addStream(name, size, chunks as AsyncIterable<Buffer>);
}

async function addImage(
  sink: ImageSink,
  directory: string,
  name: string,
  { pagemaps, pages }: Trimmed,
): Promise<void> {
  const path = join(directory, name);
  const changed = pagemaps.get(name);
  const pieces = pages.get(name);
  if (changed) await sink.add(name, changed);
  else if (pieces) await sink.addStream(name, sizeOf(pieces), readPieces(path, pieces));
  else await addFile(sink, name, path);
}

async function totalSize(directory: string, names: readonly string[], { pages }: Trimmed): Promise<number> {
  const sizes = names.map(async (name) => {
    const pieces = pages.get(name);
    return pieces ? sizeOf(pieces) : (await stat(join(directory, name))).size;
  });
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
