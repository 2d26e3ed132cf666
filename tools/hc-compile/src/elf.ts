// SPDX-License-Identifier: GPL-3.0-or-later
// The little of ELF-64 that linking needs: symbols of runtime objects, and a section added to an executable.
// Offsets: System V ABI, "Object Files".

const EHDR = 64;
const SHDR = 64;
const SYM = 24;
const SHT_PROGBITS = 1;
const SHT_SYMTAB = 2;
const SHT_STRTAB = 3;
const SHT_NOBITS = 8;

/** The message tells in which way. */
export class BrokenElf extends Error {}

export interface Section {
  name: string;
  type: number;
  offset: number;
  size: number;
  link: number;
}

export function isElf(bytes: Buffer): boolean {
  return bytes.length >= EHDR && bytes.readUInt32BE(0) === 0x7f454c46 && bytes[4] === 2 && bytes[5] === 1;
}

/** Raw bitcode, or bitcode in its wrapper. */
export function isBitcode(bytes: Buffer): boolean {
  if (bytes.length < 4) return false;
  return bytes.readUInt32BE(0) === 0x4243c0de || bytes.readUInt32LE(0) === 0x0b17c0de;
}

/** Throws for a file whose tables point outside of it. */
export function readSections(elf: Buffer): Section[] {
  const table = Number(elf.readBigUInt64LE(40));
  const count = elf.readUInt16LE(60);
  const names = elf.readUInt16LE(62);
  if (table + count * SHDR > elf.length) throw new BrokenElf('its section table is cut off');
  const sections = Array.from({ length: count }, (_, index) => {
    const header = elf.subarray(table + index * SHDR, table + (index + 1) * SHDR);
    return {
      nameAt: header.readUInt32LE(0),
      type: header.readUInt32LE(4),
      offset: Number(header.readBigUInt64LE(24)),
      size: Number(header.readBigUInt64LE(32)),
      link: header.readUInt32LE(40),
    };
  });
  for (const { type, offset, size } of sections) {
    if (type !== SHT_NOBITS && offset + size > elf.length) throw new BrokenElf('a section is cut off');
  }
  const strings = sections[names];
  return sections.map(({ nameAt, ...section }) => ({
    name: strings ? stringAt(elf, strings, nameAt) : '',
    ...section,
  }));
}

export function sectionBytes(elf: Buffer, name: string): Buffer | undefined {
  const section = readSections(elf).find((each) => each.name === name);
  return section && elf.subarray(section.offset, section.offset + section.size);
}

export interface Symbols {
  defined: string[];
  undefined: string[];
}

/** Global and weak symbols of an object. */
export function readSymbols(elf: Buffer): Symbols {
  const sections = readSections(elf);
  const symbols: Symbols = { defined: [], undefined: [] };
  for (const { type, offset, size, link } of sections) {
    const strings = sections[link];
    if (type !== SHT_SYMTAB || !strings) continue;
    for (let at = offset + SYM; at < offset + size; at += SYM) {
      const isLocal = (elf[at + 4] ?? 0) >> 4 === 0;
      if (isLocal) continue;
      const name = stringAt(elf, strings, elf.readUInt32LE(at));
      (elf.readUInt16LE(at + 6) === 0 ? symbols.undefined : symbols.defined).push(name);
    }
  }
  return symbols;
}

/**
 * Adds a section that is not loaded, at the end of the file, as `objcopy --add-section` does, but without another process
 * and without touching anything that is there.
 */
export function addSection(elf: Buffer, name: string, content: Buffer): Buffer {
  const table = Number(elf.readBigUInt64LE(40));
  const count = elf.readUInt16LE(60);
  const namesIndex = elf.readUInt16LE(62);
  const headers = Buffer.alloc((count + 1) * SHDR);
  elf.copy(headers, 0, table, table + count * SHDR);
  const names = headers.subarray(namesIndex * SHDR, (namesIndex + 1) * SHDR);
  const oldNames = elf.subarray(
    Number(names.readBigUInt64LE(24)),
    Number(names.readBigUInt64LE(24) + names.readBigUInt64LE(32)),
  );
  const newNames = Buffer.concat([oldNames, Buffer.from(`${name}\0`)]);

  const file = new Appender(elf);
  const contentAt = file.append(content, 16);
  const namesAt = file.append(newNames, 1);
  names.writeUInt32LE(SHT_STRTAB, 4);
  names.writeBigUInt64LE(BigInt(namesAt), 24);
  names.writeBigUInt64LE(BigInt(newNames.length), 32);

  const added = headers.subarray(count * SHDR);
  added.writeUInt32LE(oldNames.length, 0);
  added.writeUInt32LE(SHT_PROGBITS, 4);
  added.writeBigUInt64LE(BigInt(contentAt), 24);
  added.writeBigUInt64LE(BigInt(content.length), 32);
  added.writeBigUInt64LE(1n, 48);

  const headersAt = file.append(headers, 8);
  const result = file.bytes();
  result.writeBigUInt64LE(BigInt(headersAt), 40);
  result.writeUInt16LE(count + 1, 60);
  return result;
}

class Appender {
  readonly #parts: Buffer[];
  #length: number;

  constructor(start: Buffer) {
    this.#parts = [start];
    this.#length = start.length;
  }

  append(part: Buffer, alignment: number): number {
    const padding = -this.#length & (alignment - 1);
    this.#parts.push(Buffer.alloc(padding), part);
    const at = this.#length + padding;
    this.#length = at + part.length;
    return at;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

function stringAt(elf: Buffer, table: { offset: number; size: number }, offset: number): string {
  const bytes = elf.subarray(table.offset, table.offset + table.size);
  const end = bytes.indexOf(0, offset);
  if (offset >= bytes.length || end < 0) throw new BrokenElf('a name lies outside of its table');
  return bytes.toString('latin1', offset, end);
}
