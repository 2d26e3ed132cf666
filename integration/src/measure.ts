// SPDX-License-Identifier: GPL-3.0-or-later
// What the guests cost: start, a command, bytes in, out and between them.
import { randomBytes } from 'node:crypto';
import { type Guests, startGuests } from './guests.ts';

export interface Measurement {
  what: string;
  value: number;
  unit: 'ms' | 'MB/s';
}

const megabytes = 32;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

async function median(times: number, work: () => Promise<unknown>): Promise<number> {
  const samples: number[] = [];
  for (let index = 0; index < times; index += 1) samples.push(await timed(work));
  return samples.sort((a, b) => a - b)[times >> 1] ?? 0;
}

async function measureGuests({ of }: Guests): Promise<Measurement[]> {
  const results: Measurement[] = [];
  const rate = (what: string, ms: number) =>
    results.push({ what, value: megabytes / (ms / 1000), unit: 'MB/s' });
  const content = randomBytes(megabytes << 20);
  for (const guest of Object.values(of)) {
    const { isa } = guest;
    const peer = isa === 'aarch64' ? 'x86-64' : 'aarch64';
    results.push({ what: `${isa}: a command`, value: await median(11, () => guest.run('true')), unit: 'ms' });
    const remote = await median(5, () => guest.run(`ssh ${peer} true`));
    results.push({ what: `${isa}: a command in the other guest`, value: remote, unit: 'ms' });
    results.push({ what: `${isa}: node`, value: await median(5, () => guest.run('node -e 0')), unit: 'ms' });
    rate(`${isa}: bytes in`, await timed(() => guest.write('/tmp/bytes', content)));
    rate(`${isa}: bytes out`, await timed(() => guest.read('/tmp/bytes')));
    rate(
      `${isa}: bytes to the other guest`,
      await timed(() => guest.run(`ssh ${peer} "cat >/dev/null" </tmp/bytes`)),
    );
    await guest.run('rm /tmp/bytes');
  }
  return results;
}

/** Measures a fresh pair. */
export async function measure(): Promise<Measurement[]> {
  const started = performance.now();
  const guests = await startGuests();
  try {
    const start: Measurement = { what: 'both guests: start', value: performance.now() - started, unit: 'ms' };
    return [start, ...(await measureGuests(guests))];
  } finally {
    await guests.stop();
  }
}
