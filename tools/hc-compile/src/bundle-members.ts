// SPDX-License-Identifier: GPL-3.0-or-later
// A bundle as files in their order: small ones first, then the executables. Pure but for reading the results of a link.
import { readFileSync } from 'node:fs';
import { FORMAT, formatManifest, type Points } from '@h-containers/bundle';
import { type Isa, isas } from '@h-containers/native-toolchain';
import { HcError, recordName, VERSION } from '@h-containers/tool-kit';
import type { Executables } from './executables.ts';

export interface Member {
  name: string;
  bytes: Buffer;
  mode: number;
}

export interface BundleFacts {
  points: Points;
  runtime: string;
  versions: Record<string, string>;
}

export function bundleMembers(built: Executables, facts: BundleFacts): Member[] {
  const apps = isas.flatMap((isa) => {
    const path = built.paths[isa];
    return path === undefined ? [] : [{ isa, bytes: readFileSync(path) }];
  });
  const fileSize = sameForBoth('size', apps, (app) => app.length);
  const entry = sameForBoth('entry point', apps, (app) => `0x${app.readBigUInt64LE(24).toString(16)}`);
  const manifest = formatManifest({
    format: FORMAT,
    bundleId: built.bundleId,
    isas: apps.map(({ isa }) => isa),
    origin: 'c',
    points: facts.points,
    fileSize,
    entry,
    versions: facts.versions,
  });
  // No times: the same input gives the same bytes.
  const record = { tool: 'hc-compile', version: VERSION, bundleId: built.bundleId, ...facts };
  const small = (name: string, bytes: Buffer): Member => ({ name, bytes, mode: 0o644 });
  return [
    small('manifest.json', Buffer.from(manifest)),
    small(recordName('hc-compile'), Buffer.from(`${JSON.stringify(record)}\n`)),
    small('sites.bin', readFileSync(built.sites)),
    small('names.json', readFileSync(built.names)),
    ...apps.map(({ isa, bytes }) => ({ name: `${isa}/app`, bytes, mode: 0o755 })),
  ];
}

function sameForBoth<T>(what: string, apps: { isa: Isa; bytes: Buffer }[], value: (app: Buffer) => T): T {
  const values = apps.map(({ bytes }) => value(bytes));
  const [first] = values;
  if (first === undefined || values.some((each) => each !== first)) {
    throw new HcError(`the executables differ in their ${what}: ${values.join(' and ')}`, {
      hint: 'this is a defect of hc-codegen; please report it',
    });
  }
  return first;
}
