// SPDX-License-Identifier: GPL-3.0-or-later
import { HcError, ISAS, type Isa, isIsa } from '@h-containers/tool-kit';

export const FORMAT = 1;
export const POINTS = ['loops', 'outer', 'syscalls'] as const;
export type Points = (typeof POINTS)[number];

/** manifest.json of a bundle (docs/architecture.md, "Bundle"). */
export interface Manifest {
  format: typeof FORMAT;
  /** Build-id of both executables: 40 hexadecimal digits. */
  bundleId: string;
  isas: Isa[];
  /** What the program was made from: "c", later also lifted ISAs. */
  origin: string;
  points: Points;
  /** Bytes of either executable. */
  fileSize: number;
  /** Hexadecimal with 0x. */
  entry: string;
  versions: Record<string, string>;
}

type Check = (value: unknown) => boolean;

const isObject: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

const FIELDS: Record<keyof Manifest, [expected: string, check: Check]> = {
  format: [String(FORMAT), (v) => v === FORMAT],
  bundleId: ['40 hexadecimal digits', (v) => typeof v === 'string' && /^[0-9a-f]{40}$/.test(v)],
  isas: [`a list out of ${ISAS.join(', ')}`, (v) => Array.isArray(v) && v.length > 0 && v.every(isIsa)],
  origin: ['a word', (v) => typeof v === 'string' && v !== ''],
  points: [`one of ${POINTS.join(', ')}`, (v) => POINTS.some((points) => points === v)],
  fileSize: ['a size in bytes', (v) => Number.isSafeInteger(v) && Number(v) > 0],
  entry: ['an address like "0x400000"', (v) => typeof v === 'string' && /^0x[0-9a-f]{1,16}$/.test(v)],
  versions: [
    'an object of strings',
    (v) => isObject(v) && Object.values(v as object).every((version) => typeof version === 'string'),
  ],
};

/** where: the file's name, for messages. Members that this version does not know are kept. */
export function parseManifest(text: string, where: string): Manifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HcError(`${where}: not JSON`, { cause: error, hint: 'unpack the bundle again' });
  }
  if (!isObject(value)) throw new HcError(`${where}: not a bundle's manifest`);
  const manifest = value as Record<string, unknown>;
  for (const [name, [expected, check]] of Object.entries(FIELDS)) {
    if (check(manifest[name])) continue;
    const found = JSON.stringify(manifest[name])?.slice(0, 80) ?? 'missing';
    throw new HcError(`${where}: "${name}" should be ${expected}, but is ${found}`, {
      hint: 'build the bundle again with the hc-compile of this version',
    });
  }
  return value as Manifest;
}

/** One field per line in the order of the documentation, so that equal manifests are equal files. */
export function formatManifest(manifest: Manifest): string {
  const names = Object.keys(FIELDS) as (keyof Manifest)[];
  return `${JSON.stringify(Object.fromEntries(names.map((name) => [name, manifest[name]])), null, 2)}\n`;
}
