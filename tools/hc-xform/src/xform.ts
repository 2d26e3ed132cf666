// SPDX-License-Identifier: GPL-3.0-or-later
import { copyPages, type ImageSink, type ImageSource } from '@h-containers/image-stream';
import {
  type Fields,
  type HcRecord,
  type Isa,
  type Reporter,
  recordMember,
  recordName,
  type Timers,
} from '@h-containers/tool-kit';
import {
  type Dump,
  decodeDump,
  editPages,
  type Input,
  memoryOf,
  type Output,
  readDump,
  transform,
} from '@h-containers/transform';
import type { Options } from './arguments.ts';
import { ownWork } from './cpu-clock.ts';
import { damagedPages } from './damaged.ts';
import { livingTasks, loadExtents, type ProgramFinder, Programs } from './load.ts';

export interface Context {
  report: Reporter;
  timers: Timers;
  record(fields?: Fields, isa?: Isa): HcRecord;
  /** Default: looked up in --bundles. */
  programs?: ProgramFinder;
}

const RECORD = recordName('hc-xform');

export async function xform(
  source: ImageSource,
  sink: ImageSink,
  options: Options,
  context: Context,
): Promise<void> {
  const { timers, report } = context;
  // No member is written before everything is known to move.
  try {
    const raw = await readDump(source);
    const dump = await timers.time('decode', () => ownWork(timers, () => decodeDump(raw)));
    const to = options.to ?? dump.isa;
    const programs = context.programs ?? (await Programs.of(source, options.bundles, timers));
    const inputs = to === dump.isa ? [] : await gatherInputs(source, dump, programs, timers);
    const output = to === dump.isa ? nothing() : rewrite(dump, inputs, to, timers);
    const fields = { ...describe(dump, inputs, output, to), ...(await previous(source)) };
    await writeMembers(source, sink, output, context.record(fields, to));
    await timers.time('pages', () => writePages(source, sink, output));
    await source.finish(sink);
    await sink.finish();
    report.info(summarise(dump, output, to, timers), { ms: timers.ms() });
  } catch (error) {
    await sink.abort();
    throw error;
  }
}

function nothing(): Output {
  return { members: new Map(), pages: new Map(), dropped: [], stacks: [] };
}

/** Finds bundles and stacks: everything a transform reads. */
export async function gatherInputs(
  source: ImageSource,
  dump: Dump,
  programs: ProgramFinder,
  timers: Timers,
): Promise<Input[]> {
  const found = await timers.time('bundles', () =>
    Promise.all(livingTasks(dump).map(async (task) => ({ task, program: await programs.find(task) }))),
  );
  const extents = await timers.time('stacks', () => loadExtents(source, dump));
  return found.flatMap(({ task, program }) => {
    const memory = extents.get(task);
    return memory ? [{ task, program, extents: memory }] : [];
  });
}

function rewrite(dump: Dump, inputs: readonly Input[], to: Isa, timers: Timers): Output {
  const done = timers.start('transform');
  try {
    return ownWork(timers, () => transform(dump, inputs, to));
  } finally {
    done();
  }
}

/** In the order they came in; new ones behind, the record last. */
async function writeMembers(
  source: ImageSource,
  sink: ImageSink,
  output: Output,
  record: HcRecord,
): Promise<void> {
  const left = new Map(output.members);
  for (const name of source.names) {
    if (name === RECORD) continue;
    await sink.add(name, left.get(name) ?? (await source.read(name)));
    left.delete(name);
  }
  for (const [name, bytes] of left) await sink.add(name, bytes);
  const { name, bytes } = recordMember(record);
  await sink.add(name, bytes);
}

async function writePages(source: ImageSource, sink: ImageSink, output: Output): Promise<void> {
  if (output.pages.size === 0) return copyPages(source, sink);
  const left = new Set(output.pages.keys());
  for await (const { name, size, chunks } of source.pages()) {
    const plan = output.pages.get(name);
    left.delete(name);
    if (plan && plan.sourceSize !== size) throw damagedPages(name, size, plan.sourceSize);
    if (plan) await sink.addStream(name, plan.size, editPages(chunks(), plan.ops, name));
    else await sink.addStream(name, size, chunks());
  }
  const [missing] = left;
  if (missing !== undefined) throw damagedPages(missing);
}

/** The record of an earlier transform of the same images stays, one level down. */
async function previous(source: ImageSource): Promise<Fields> {
  if (!source.has(RECORD)) return {};
  try {
    return { previous: JSON.parse((await source.read(RECORD)).toString('utf8')) as unknown };
  } catch {
    return {};
  }
}

function describe(dump: Dump, inputs: readonly Input[], output: Output, to: Isa): Fields {
  const plans = [...output.pages.values()];
  return {
    from: dump.isa,
    to,
    pids: dump.tasks.map(({ pid }) => pid),
    threads: output.stacks.length,
    frames: output.stacks.reduce((sum, { stack }) => sum + stack.ids.length - 1, 0),
    bundles: [...new Set(inputs.map(({ program }) => program.bundle.manifest.bundleId))],
    executables: Object.fromEntries(inputs.map(({ task }) => [task.pid, memoryOf(task).executable.name])),
    dropped: output.dropped,
    pages: { bytes: plans.reduce((sum, { size }) => sum + size, 0) },
  };
}

function summarise(dump: Dump, output: Output, to: Isa, timers: Timers): string {
  if (to === dump.isa) return `these images are for ${to} already: passed on unchanged`;
  const threads = output.stacks.length;
  const frames = output.stacks.reduce((sum, { stack }) => sum + stack.ids.length - 1, 0);
  const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
  const parts = [
    count(dump.tasks.length, 'process').replace('processs', 'processes'),
    count(threads, 'thread'),
  ];
  const { transform: ms = 0 } = timers.ms();
  return `${dump.isa} -> ${to}: ${parts.join(', ')}, ${count(frames, 'frame')}, rewritten in ${ms.toFixed(1)} ms`;
}
