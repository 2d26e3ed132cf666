// SPDX-License-Identifier: GPL-3.0-or-later
import { abi } from '@h-containers/bundle';
import {
  type ImageSink,
  LOCAL_CONFIRM_SIZE,
  openOutput,
  writeConfirm,
  writeReady,
} from '@h-containers/image-stream';
import {
  identify,
  type ParkedProcess,
  park,
  parking,
  processTree,
  readStat,
  release,
  type Target,
} from '@h-containers/processes';
import { type Cleanup, type HcRecord, type Reporter, recordMember } from '@h-containers/tool-kit';
import { watchdog } from './watchdog.ts';

export interface NotifyOptions {
  roots: readonly number[];
  timeoutMs: number;
  tree: boolean;
  /** Stay until the reader of stdout has taken over. */
  stay: boolean;
}

type Identity = Pick<Target, 'pid' | 'startTime'>;

export interface NotifyContext {
  cleanup: Cleanup;
  report: Reporter;
  signal: AbortSignal;
  record(fields: Record<string, unknown>): HcRecord;
}

/** Parks, tells hc-dump about it, and sees to it that nobody is forgotten. */
export async function notify(options: NotifyOptions, context: NotifyContext): Promise<void> {
  const { cleanup, report, signal } = context;
  const targets: Target[] = [];
  let handOver: Promise<boolean> | undefined;
  let guard: ReturnType<typeof watchdog> | undefined;
  const forget = cleanup.add(async () => {
    // Once the record is out the processes are the reader's, as long as there is one.
    if (!(await handOver)) await takeBack(options.roots, targets, report);
    guard?.dismiss();
  });

  const sink = await openOutput({});
  if (options.stay) await writeReady(sink);
  guard = watchdog(options.roots);
  const requestedAt = new Date();
  const onTarget = (target: Target) => targets.push(target);
  const processes = await park(options.roots, { ...options, signal, onTarget });
  report.info(`parked ${describeAll(processes)}`);
  const record = context.record({ ...summary(options.roots, processes), requestedAt, parkedAt: new Date() });

  const writing = writeStream(sink, record, options.stay, guard.dismiss);
  handOver = writing.then(
    () => true,
    () => false,
  );
  await writing;
  forget();
}

/** Whoever reads what went wrong also reads that the processes run on, even if they were not asked to park yet. */
async function takeBack(
  roots: readonly number[],
  targets: readonly Identity[],
  report: Reporter,
): Promise<void> {
  const running =
    targets.length > 0
      ? await release(targets.filter(isAsked))
      : roots.filter((pid) => readStat(pid) !== undefined);
  if (running.length > 0) report.info(`running on: ${running.join(', ')}`);
}

/** False if hc-dump has released or ended it. */
function isAsked(target: Identity): boolean {
  return parking(target)?.control.request === abi.HC_PARK;
}

/** hc-notify --resume: by hand, whatever was left behind. */
export async function resume(roots: readonly number[], tree: boolean, report: Reporter): Promise<void> {
  const pids = tree ? roots.flatMap(processTree) : [...roots];
  const running = await release(pids.map(identify));
  report.info(`running: ${running.join(', ')}`);
}

/** With confirmation it ends when the reader has done its work: docs/architecture.md. */
async function writeStream(
  sink: ImageSink,
  record: HcRecord,
  confirmation: boolean,
  onRecord: () => void,
): Promise<void> {
  const { name, bytes } = recordMember(record);
  await sink.add(name, bytes);
  await sink.flush();
  onRecord();
  if (confirmation) await writeConfirm(sink, LOCAL_CONFIRM_SIZE);
  await sink.finish();
}

function summary(roots: readonly number[], processes: readonly ParkedProcess[]) {
  return {
    pid: roots[0],
    roots,
    pids: processes.map(({ pid }) => pid),
    threads: processes.flatMap(({ threads }) => threads),
    processes,
  };
}

function describeAll(processes: readonly ParkedProcess[]): string {
  const threads = processes.reduce((sum, each) => sum + each.threads.length, 0);
  const plural = (number: number, noun: string) => `${number} ${noun}${number === 1 ? '' : 's'}`;
  const names = processes.map(({ pid }) => pid).join(', ');
  return `${processes.length === 1 ? 'process' : 'processes'} ${names} (${plural(threads, 'thread')})`;
}
