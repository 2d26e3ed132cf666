// SPDX-License-Identifier: GPL-3.0-or-later
// Small bundles for tests: real files in the real format, but their executables hold no code.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ISAS, type Isa, machineOfIsa } from '@h-containers/tool-kit';
import { encodeSites, formatManifest, type Manifest, type SiteTables } from '../src/index.ts';

/** An ELF header, one program header and a build-id note, padded to `size`. */
export function makeElf(isa: Isa, buildId: string, size = 4096): Buffer {
  const elf = Buffer.alloc(size);
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  elf.writeUInt16LE(2, 16); // ET_EXEC
  elf.writeUInt16LE(machineOfIsa(isa), 18);
  elf.writeBigUInt64LE(0x401000n, 24); // entry
  elf.writeBigUInt64LE(64n, 32); // program headers
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(1, 56);
  const note = Buffer.concat([
    Buffer.from('04000000' + '14000000' + '03000000', 'hex'),
    Buffer.from('GNU\0'),
  ]);
  elf.writeUInt32LE(4, 64); // PT_NOTE
  elf.writeBigUInt64LE(120n, 64 + 8);
  elf.writeBigUInt64LE(36n, 64 + 32);
  elf.set(note, 120);
  elf.write(buildId, 136, 'hex');
  return elf;
}

export function makeManifest(bundleId: string, fileSize = 4096): Manifest {
  return {
    format: 1,
    bundleId,
    isas: ['x86-64', 'aarch64'],
    origin: 'c',
    points: 'loops',
    fileSize,
    entry: '0x401000',
    versions: { 'hc-compile': '0.1.0' },
  };
}

export interface BundleParts {
  bundleId: string;
  tables: SiteTables;
  names?: { functions: string[]; sites: [number, string, number][] };
}

export function makeBundle(directory: string, { bundleId, tables, names }: BundleParts): void {
  for (const isa of ISAS) {
    mkdirSync(join(directory, isa), { recursive: true });
    writeFileSync(join(directory, isa, 'app'), makeElf(isa, bundleId), { mode: 0o755 });
  }
  writeFileSync(join(directory, 'manifest.json'), formatManifest(makeManifest(bundleId)));
  writeFileSync(join(directory, 'sites.bin'), encodeSites(tables));
  if (names) writeFileSync(join(directory, 'names.json'), JSON.stringify(names));
}
