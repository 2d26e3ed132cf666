// SPDX-License-Identifier: GPL-3.0-or-later
// What Redis is in the middle of when it hops, and what must have come of it.
import type { LoadClient } from './load/orders.ts';

export interface Check {
  what: string;
  isGood: boolean;
  /** What was seen. */
  seen: Record<string, unknown>;
}

/** Has the server hop once, by calling `hop`. */
export type Round = (client: LoadClient, hop: () => Promise<void>) => Promise<Check>;

/** Nothing changes meanwhile, so that all data must be the same. */
async function hopWhilePaused(client: LoadClient, hop: () => Promise<void>): Promise<Check> {
  await client.order('pause');
  const before = await client.order('digest');
  await hop();
  const after = await client.order('digest');
  await client.order('resume');
  return { what: 'all data is the same after a hop', isGood: before === after, seen: { before, after } };
}

/** The child that writes the data moves along. */
function hopDuring(save: string): Round {
  return async (client, hop) => {
    await client.order('save-slowly');
    await client.order(`begin-${save}`);
    const before = await client.order(`is-running-${save}`);
    await hop();
    const after = await client.order(`is-running-${save}`);
    await client.order('save-quickly');
    const status = await client.order(`end-${save}`);
    const isGood = before === true && after === true && status === 'ok';
    return { what: `a hop during ${save}`, isGood, seen: { before, after, status } };
  };
}

/** What the files hold, once children wrote them at the new place, is what memory holds. */
async function hopThenLoad(client: LoadClient, hop: () => Promise<void>): Promise<Check> {
  await hop();
  const { status: saved } = (await client.order('bgsave')) as { status: string };
  const { status: rewritten } = (await client.order('bgrewriteaof')) as { status: string };
  await client.order('pause');
  const before = await client.order('digest');
  await client.order('reload');
  const fromDump = await client.order('digest');
  await client.order('load-aof');
  const fromLog = await client.order('digest');
  await client.order('resume');
  const isGood = saved === 'ok' && rewritten === 'ok' && before === fromDump && before === fromLog;
  const seen = { saved, rewritten, before, fromDump, fromLog };
  return { what: 'children write everything after hops, and it loads again', isGood, seen };
}

/** In this order: the append-only file is on from its round on. */
export const redisRounds: readonly Round[] = [
  hopWhilePaused,
  hopDuring('bgsave'),
  hopDuring('append-only'),
  hopDuring('bgrewriteaof'),
  hopThenLoad,
];
