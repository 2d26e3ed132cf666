// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ISAS } from '@h-containers/tool-kit';
import { type Bundle, openBundle } from './bundle.ts';

export const DEFAULT_BUNDLES = '/var/lib/hc/bundles';

/** How far below a --bundles directory a bundle may lie. */
const DEPTH = 8;

/** The bundle's place under a --bundles directory, as in debuggers' .build-id directories. */
export function buildIdPath(buildId: string): string {
  return join('.build-id', buildId.slice(0, 2), buildId.slice(2));
}

/** Directories to search: the options given, else $HC_BUNDLES (separated by colons), else the default. */
export function bundleDirectories(options: readonly string[], env = process.env): string[] {
  if (options.length > 0) return [...options];
  const fromEnv = (env.HC_BUNDLES ?? '').split(':').filter((dir) => dir !== '');
  return fromEnv.length > 0 ? fromEnv : [DEFAULT_BUNDLES];
}

/** The bundle that an executable was started from, when its path ends in /<isa>/app. */
export function bundleAround(executable: string): string | undefined {
  const isa = ISAS.find((each) => executable.endsWith(`/${each}/app`));
  return isa && dirname(dirname(executable));
}

export interface Search {
  buildId: string;
  /** --bundles directories. */
  directories: readonly string[];
  /** Path of the running executable, when known: the bundle around it is looked at first. */
  executable?: string | undefined;
}

export async function findBundle({ buildId, directories, executable }: Search): Promise<Bundle | undefined> {
  const around = executable === undefined ? undefined : bundleAround(executable);
  const direct = [
    ...directories.map((dir) => join(dir, buildIdPath(buildId))),
    ...directories,
    ...(around === undefined ? [] : [around]),
  ];
  for (const directory of direct) if (await holds(directory, buildId)) return openBundle(directory);
  for (const directory of directories) {
    const found = (await findIn(await children(directory), buildId)) ?? (await findBelow(directory, buildId));
    if (found) return found;
  }
  return undefined;
}

async function findIn(candidates: readonly string[], buildId: string): Promise<Bundle | undefined> {
  for (const candidate of candidates) if (await holds(candidate, buildId)) return openBundle(candidate);
  return undefined;
}

/** The usual place: looked at before any search, since the process stands still in the meantime. */
async function children(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(directory, name));
}

async function findBelow(cwd: string, buildId: string): Promise<Bundle | undefined> {
  // Loaded only now: that takes longer than all the rest of a transform.
  const { default: fg } = await import('fast-glob');
  const manifests = fg.stream('**/manifest.json', {
    cwd,
    absolute: true,
    dot: true,
    deep: DEPTH,
    onlyFiles: true,
    suppressErrors: true,
    followSymbolicLinks: false,
  });
  for await (const path of manifests) {
    const found = await findIn([dirname(String(path))], buildId);
    if (found) return found;
  }
  return undefined;
}

/** Other people's manifest.json files are skipped; a broken one of ours is reported by openBundle. */
async function holds(directory: string, buildId: string): Promise<boolean> {
  const path = join(directory, 'manifest.json');
  if (!existsSync(path)) return false;
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    return typeof value === 'object' && value !== null && 'bundleId' in value && value.bundleId === buildId;
  } catch {
    return false;
  }
}
