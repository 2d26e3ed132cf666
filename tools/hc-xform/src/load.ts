// SPDX-License-Identifier: GPL-3.0-or-later
//
// From an image source to what libs/transform works on.
import { findBundle, readElfFacts } from '@h-containers/bundle';
import type { ImageSource } from '@h-containers/image-stream';
import { cannotMove, HcError, type Timers } from '@h-containers/tool-kit';
import {
  buildIdOfTask,
  CallSites,
  checkPagemap,
  collectExtents,
  type Dump,
  decodeExtents,
  type Extents,
  memoryOf,
  type Program,
  pagesReader,
  parkedName,
  type Task,
} from '@h-containers/transform';
import { ownWork } from './cpu-clock.ts';

/** Build-ids by pid, in hc/hc-dump.json: for images that were made without CRIU's build-id validation. */
type BuildIds = Record<string, string>;

export interface ProgramFinder {
  find(task: Task): Promise<Program>;
}

export class Programs implements ProgramFinder {
  readonly #directories: readonly string[];
  readonly #byBuildId = new Map<string, Promise<Program | undefined>>();
  readonly #recorded: BuildIds;
  readonly #timers: Timers;

  constructor(directories: readonly string[], recorded: BuildIds, timers: Timers) {
    this.#directories = directories;
    this.#recorded = recorded;
    this.#timers = timers;
  }

  static async of(source: ImageSource, directories: readonly string[], timers: Timers): Promise<Programs> {
    return new Programs(directories, await recordedBuildIds(source), timers);
  }

  /** The bundle that the task was started from. */
  async find(task: Task): Promise<Program> {
    const { executable } = memoryOf(task);
    const buildId = await this.#buildId(task);
    const found = this.#byBuildId.get(buildId) ?? this.#load(buildId, executable.name);
    this.#byBuildId.set(buildId, found);
    const program = await found;
    if (program) return program;
    throw cannotMove(
      `${task.who}: no bundle with build-id ${buildId} for ${executable.name} in ${this.#directories.join(', ')}`,
      'say where its bundle is unpacked: --bundles DIR; programs not built by hc-compile can not be moved',
    );
  }

  async #buildId(task: Task): Promise<string> {
    const known = buildIdOfTask(task) ?? this.#recorded[task.pid];
    if (known !== undefined) return known;
    const { name } = memoryOf(task).executable;
    const facts = await readElfFacts(name).catch(() => undefined);
    if (facts?.buildId !== undefined) return facts.buildId;
    throw cannotMove(
      `${task.who}: the images don't tell the build-id of ${name}`,
      'dump with --file-validation buildid, or programs not built by hc-compile can not be moved',
    );
  }

  async #load(buildId: string, executable: string): Promise<Program | undefined> {
    const bundle = await findBundle({ buildId, directories: this.#directories, executable });
    if (!bundle) return undefined;
    const bytes = await bundle.sites();
    return {
      bundle,
      sites: ownWork(this.#timers, () => CallSites.open(bytes, `${bundle.directory}/sites.bin`)),
    };
  }
}

async function recordedBuildIds(source: ImageSource): Promise<BuildIds> {
  const name = 'hc/hc-dump.json';
  if (!source.has(name)) return {};
  try {
    const record: unknown = JSON.parse((await source.read(name)).toString('utf8'));
    const ids = (record as { buildIds?: unknown } | null)?.buildIds;
    const isId = (entry: [string, unknown]): entry is [string, string] =>
      /^[0-9a-f]+$/.test(String(entry[1]));
    return typeof ids === 'object' && ids !== null
      ? Object.fromEntries(Object.entries(ids).filter(isId))
      : {};
  } catch (error) {
    throw new HcError(`${name}: not JSON`, { cause: error, hint: 'the stream is damaged; dump again' });
  }
}

/** Living tasks: zombies have no memory to look at. */
export function livingTasks(dump: Dump): Task[] {
  return dump.tasks.filter(({ memory }) => memory !== undefined);
}

/** Control block, threads and native stacks of every task: shipped by hc-dump, else read from the pages. */
export async function loadExtents(source: ImageSource, dump: Dump): Promise<Map<Task, Extents>> {
  const found = new Map<Task, Extents>();
  const missing = new Map<string, Task>();
  for (const task of livingTasks(dump)) {
    const name = parkedName(task.pid);
    if (source.has(name)) found.set(task, decodeExtents(await source.read(name), name));
    else missing.set(`pages-${memoryOf(task).pagemap.pagesId}.img`, task);
  }
  if (missing.size === 0) return found;
  for await (const { name, read } of source.pages()) {
    const task = missing.get(name);
    if (!task) continue;
    if (!read) throw cantLookAhead(task);
    const { pagemap } = memoryOf(task);
    checkPagemap(pagemap, task.who);
    found.set(task, await collectExtents(pagesReader(pagemap, read), task.who));
    missing.delete(name);
  }
  for (const [name, task] of missing)
    throw new HcError(`${task.who}: there is no ${name}`, { hint: 'the images are incomplete; dump again' });
  return found;
}

function cantLookAhead(task: Task): HcError {
  return new HcError(`${task.who}: the stream lacks ${parkedName(task.pid)}, and its pages come last`, {
    hint: 'unpack the stream and use --in DIR',
  });
}
