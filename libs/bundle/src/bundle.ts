// SPDX-License-Identifier: GPL-3.0-or-later
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HcError, type Isa, systemError } from '@h-containers/tool-kit';
import { readElfFacts } from './elf.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { Names, parseNames } from './names.ts';

/** An unpacked bundle. */
export class Bundle {
  readonly directory: string;
  readonly manifest: Manifest;

  constructor(directory: string, manifest: Manifest) {
    this.directory = directory;
    this.manifest = manifest;
  }

  executable(isa: Isa): string {
    return join(this.directory, isa, 'app');
  }

  /** sites.bin as it is. */
  async sites(): Promise<Buffer> {
    return readBytes(join(this.directory, 'sites.bin'));
  }

  /** Empty names when the bundle was shipped without names.json. */
  async names(): Promise<Names> {
    const path = join(this.directory, 'names.json');
    try {
      return parseNames(await readFile(path, 'utf8'), path);
    } catch (error) {
      if (error instanceof HcError) throw error;
      return new Names([], []);
    }
  }

  /** The executable must be the one that the manifest was written for. */
  async check(isa: Isa): Promise<void> {
    const path = this.executable(isa);
    const facts = await readElfFacts(path);
    const { bundleId, fileSize } = this.manifest;
    const differs = (what: string, found: unknown, expected: unknown) =>
      new HcError(`${path}: ${what} is ${found}, but manifest.json says ${expected}`, {
        hint: 'unpack the bundle again: its files belong together',
      });
    if (facts.isa !== isa) throw differs('ISA', facts.isa, isa);
    if (facts.buildId !== bundleId) throw differs('build-id', facts.buildId ?? 'missing', bundleId);
    if (facts.size !== fileSize) throw differs('size', facts.size, fileSize);
  }
}

export async function openBundle(directory: string): Promise<Bundle> {
  const path = join(directory, 'manifest.json');
  return new Bundle(directory, parseManifest((await readBytes(path)).toString('utf8'), path));
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    throw systemError(error, path);
  }
}
