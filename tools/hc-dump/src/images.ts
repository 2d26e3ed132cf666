// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DumpStatsEntry, decodeImageAs } from '@h-containers/criu-images';
import { describe, ProcessMemory } from '@h-containers/processes';
import { type Cleanup, HcError, systemError } from '@h-containers/tool-kit';
import { collectExtents, encodeExtents, parkedName } from '@h-containers/transform';

/** A private directory: images hold everything the process has in memory. */
export async function makeWorkDirectory(parent: string, cleanup: Cleanup): Promise<string> {
  const directory = await mkdtemp(join(parent, 'hc-dump-')).catch((error) => {
    throw systemError(error, `${parent} (--work-dir)`);
  });
  cleanup.add(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** After the end of CRIU, for the report. */
export async function dumpStatistics(directory: string): Promise<DumpStatsEntry | undefined> {
  const bytes = await readFile(join(directory, 'stats-dump')).catch(() => undefined);
  return bytes && decodeImageAs('stats', 'stats-dump', bytes).messages[0]?.dump;
}

/** Images only: not CRIU's log and statistics. Pages last. */
export async function imageNames(directory: string): Promise<{ small: string[]; pages: string[] }> {
  const names = (await readdir(directory)).filter((name) => name.endsWith('.img')).sort();
  const isPages = (name: string) => name.startsWith('pages-');
  return { small: names.filter((name) => !isPages(name)), pages: names.filter(isPages) };
}

/** What hc-xform must know before the pages pass by: taken from the stopped process itself. */
export async function parkedMember(pid: number): Promise<{ name: string; bytes: Buffer }> {
  const memory = new ProcessMemory(pid);
  try {
    const extents = await collectExtents(
      { read: async (address, length) => readOf(memory, address, length) },
      describe(pid),
    );
    return { name: parkedName(pid), bytes: encodeExtents(extents) };
  } finally {
    memory.close();
  }
}

function readOf(memory: ProcessMemory, address: bigint, length: number): Buffer {
  const bytes = memory.read(address, length);
  if (!bytes) throw new HcError(`${describe(memory.pid)}: no memory at 0x${address.toString(16)}`);
  return bytes;
}
