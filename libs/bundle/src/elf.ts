// SPDX-License-Identifier: GPL-3.0-or-later
import { type FileHandle, open } from 'node:fs/promises';
import { HcError, type Isa, isaOfMachine, systemError } from '@h-containers/tool-kit';

/** What the image tools need to know about an executable. */
export interface ElfFacts {
  isa: Isa;
  /** Hexadecimal; undefined when there is no build-id note. */
  buildId: string | undefined;
  entry: bigint;
  size: number;
}

// Offsets: ELF-64 specification; every executable here is 64-bit and little-endian.
const EHDR_SIZE = 64;
const PHDR_SIZE = 56;
const PT_NOTE = 4;
const NT_GNU_BUILD_ID = 3;
/** Far above what any linker writes: a header that says more is broken. */
const MAX_PHDRS = 256;
const MAX_NOTES = 64 * 1024;

export async function readElfFacts(path: string): Promise<ElfFacts> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (error) {
    throw systemError(error, path);
  }
  try {
    const { size } = await file.stat();
    return await readFacts(file, path, size);
  } finally {
    await file.close();
  }
}

async function readFacts(file: FileHandle, path: string, size: number): Promise<ElfFacts> {
  const header = await readAt(file, 0, EHDR_SIZE);
  const is64LittleEndian = header.length === EHDR_SIZE && header.readUInt32BE(0) === 0x7f454c46;
  if (!is64LittleEndian || header[4] !== 2 || header[5] !== 1)
    throw new HcError(`${path}: not a 64-bit little-endian ELF file`);
  const isa = isaOfMachine(header.readUInt16LE(18));
  if (!isa)
    throw new HcError(`${path}: ELF machine ${header.readUInt16LE(18)} is neither x86-64 nor aarch64`);

  const count = header.readUInt16LE(56);
  if (count > MAX_PHDRS || header.readUInt16LE(54) !== PHDR_SIZE)
    throw new HcError(`${path}: broken ELF program headers`);
  const table = await readAt(file, Number(header.readBigUInt64LE(32)), count * PHDR_SIZE);
  let buildId: string | undefined;
  for (let at = 0; at + PHDR_SIZE <= table.length && !buildId; at += PHDR_SIZE) {
    if (table.readUInt32LE(at) !== PT_NOTE) continue;
    const length = Math.min(Number(table.readBigUInt64LE(at + 32)), MAX_NOTES);
    buildId = buildIdOf(await readAt(file, Number(table.readBigUInt64LE(at + 8)), length));
  }
  return { isa, buildId, entry: header.readBigUInt64LE(24), size };
}

function buildIdOf(notes: Buffer): string | undefined {
  for (let at = 0; at + 12 <= notes.length; ) {
    const nameSize = notes.readUInt32LE(at);
    const descSize = notes.readUInt32LE(at + 4);
    const name = at + 12;
    const desc = name + align4(nameSize);
    const isGnu = notes.toString('latin1', name, name + nameSize) === 'GNU\0';
    if (isGnu && notes.readUInt32LE(at + 8) === NT_GNU_BUILD_ID && desc + descSize <= notes.length)
      return notes.toString('hex', desc, desc + descSize);
    at = desc + align4(descSize);
  }
  return undefined;
}

function align4(n: number): number {
  return Math.ceil(n / 4) * 4;
}

/** Shorter than asked for at the end of the file, or where no file can reach. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  if (length === 0 || position > Number.MAX_SAFE_INTEGER) return Buffer.alloc(0);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}
