// SPDX-License-Identifier: GPL-3.0-or-later
// hc/<tool>.json members, which come from another machine: nothing in them is taken for granted.
import type { ImageSource } from '@h-containers/image-stream';
import type { DumpRecord } from './checks.ts';
import { type CarriedFile, carriedFiles } from './files.ts';
import { type Stage, stageOf } from './history.ts';
import { type FileIds, fileIds } from './identities.ts';
import { type CarriedAddress, carriedAddresses } from './network.ts';

export interface Records extends DumpRecord {
  stages: Stage[];
  /** When the last thread parked. */
  parkedAt: unknown;
  files: CarriedFile[];
  addresses: CarriedAddress[];
  /** What the source's kernel knew open files by. */
  identities: FileIds;
}

export async function readRecords(images: ImageSource): Promise<Records> {
  const all = new Map<string, Record<string, unknown>>();
  for (const name of images.names) {
    const tool = /^hc\/(.+)\.json$/.exec(name)?.[1];
    if (tool !== undefined) all.set(tool, parse(await images.read(name)));
  }
  const dump = all.get('hc-dump');
  const stages = [...all.values()].map(stageOf).filter((stage) => stage !== undefined);
  const { pageSize } = dump ?? {};
  const files = carriedFiles(dump?.files);
  return {
    stages,
    files,
    addresses: carriedAddresses(dump?.addresses),
    identities: fileIds(dump?.identities),
    parkedAt: dump?.parkedAt,
    buildIds: buildIdsOf(all.get('hc-notify')?.processes),
    ...(typeof pageSize === 'number' ? { pageSize } : {}),
  };
}

/** A damaged record is no reason to lose a process. */
function parse(bytes: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(bytes.toString())) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** By pid, from hc-notify's list of processes. */
function buildIdsOf(processes: unknown): Record<string, string> {
  if (!Array.isArray(processes)) return {};
  const entries = processes.map((each) => {
    const { pid, buildId } = Object(each) as Record<string, unknown>;
    return typeof pid === 'number' && typeof buildId === 'string' ? [[String(pid), buildId]] : [];
  });
  return Object.fromEntries(entries.flat());
}
