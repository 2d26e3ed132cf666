// SPDX-License-Identifier: GPL-3.0-or-later
// A program with random call sites for both ISAs, and what walking and rebuilding its stacks should give.
import type { Site, SiteTables } from '@h-containers/bundle';
import type { Isa } from '@h-containers/tool-kit';
import type { Random } from './random.ts';

const SLOTS: Record<Isa, (frame: number, random: Random) => number> = {
  'x86-64': () => -8,
  aarch64: (frame, random) => -8 * random.between(1, Math.min(frame / 8, 4)),
};

/** ids call sites on each ISA (0 included), some of them with several return addresses. */
export function makeTables(ids: number, random: Random): SiteTables {
  return { 'x86-64': makeTable('x86-64', ids, random), aarch64: makeTable('aarch64', ids, random) };
}

function makeTable(isa: Isa, ids: number, random: Random): Site[] {
  const order = random.shuffle(Array.from({ length: ids }, (_, id) => id));
  const sites: Site[] = [];
  let address = 0x401000n;
  const frames = new Map<number, { nativeFrame: number; returnSlot: number }>();
  const add = (id: number) => {
    address += BigInt(random.between(1, 40) * 4);
    // What hc-codegen makes: frames of 16 n bytes at every call, on x86-64 too.
    const nativeFrame = 16 * random.between(1, 12);
    const frame = frames.get(id) ?? { nativeFrame, returnSlot: SLOTS[isa](nativeFrame, random) };
    frames.set(id, frame);
    sites.push({ address, id, ...frame, dataFrame: 16, dynamic: false });
  };
  for (const id of order) add(id);
  // Tail duplication.
  for (const id of order) if (id !== 0 && random.between(0, 9) === 0) add(id);
  return sites;
}

export interface ModelStack {
  sp: bigint;
  pc: bigint;
  bytes: Buffer;
}

/** Lays out a stack the slow and obvious way. pick: which of several sites with one id is taken. */
export function modelStack(
  table: readonly Site[],
  ids: ArrayLike<number>,
  high: bigint,
  pick: (candidates: Site[]) => Site | undefined = ([first]) => first,
): ModelStack {
  const sites = Array.from(ids, (id) => {
    const found = pick(
      table.filter((site) => site.id === id).toSorted((a, b) => Number(a.address - b.address)),
    );
    if (!found) throw new Error(`no site ${id}`);
    return found;
  });
  const frames = sites.slice(0, -1);
  const bytes = Buffer.alloc(frames.reduce((sum, { nativeFrame }) => sum + nativeFrame, 0));
  let end = 0;
  for (const [i, { nativeFrame, returnSlot }] of frames.entries()) {
    end += nativeFrame;
    bytes.writeBigUInt64LE(sites[i + 1]?.address ?? 0n, end + returnSlot);
  }
  return { sp: high - BigInt(bytes.length), pc: sites[0]?.address ?? 0n, bytes };
}

/** Random calls that end in the entry stub. */
export function makeCalls(depth: number, ids: number, random: Random): number[] {
  return [...Array.from({ length: depth }, () => random.between(1, ids - 1)), 0];
}
