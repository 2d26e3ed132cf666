// SPDX-License-Identifier: GPL-3.0-or-later
// A connection that nobody has accepted yet belongs to the kernel, and would be lost: the process runs on until it has.
import { setTimeout as sleep } from 'node:timers/promises';
import { park, release } from '@h-containers/processes';
import { cannotMove } from '@h-containers/tool-kit';
import { text, waitingConnections } from './sockets.ts';
import { pidsOf, type Source } from './source.ts';

/** A server accepts within milliseconds; one that is slower may have reasons. */
const PATIENCE_MS = 5000;
const POLL_MS = 20;
const PARK_MS = 10_000;

/** The source, parked, without connections that wait. It is told about what it releases and parks. */
export async function settle(
  source: Source,
  signal: AbortSignal,
  changed: (source: Source) => void,
): Promise<Source> {
  const deadline = performance.now() + PATIENCE_MS;
  let settled = source;
  for (;;) {
    const [waiting] = waitingConnections(pidsOf(settled));
    if (!waiting) return settled;
    if (performance.now() > deadline)
      throw cannotMove(
        `connections at ${text(waiting.local)} wait to be accepted: they would be lost`,
        'try again once the process has accepted them',
      );
    await release(settled.processes);
    while (waitingConnections(pidsOf(settled)).length > 0 && performance.now() < deadline)
      await sleep(POLL_MS, undefined, { signal });
    settled = await parkAgain(settled, signal, changed);
  }
}

async function parkAgain(
  source: Source,
  signal: AbortSignal,
  changed: (source: Source) => void,
): Promise<Source> {
  const { root } = source;
  const processes = new Map(source.processes.map((each) => [each.pid, each]));
  const current = (): Source => ({
    root,
    processes: [...processes.values()],
    parkedAt: new Date().toISOString(),
  });
  const parked = await park([root], {
    ...{ timeoutMs: PARK_MS, tree: true, signal },
    onTarget: (target) => {
      processes.set(target.pid, target);
      changed(current());
    },
  });
  return { ...current(), processes: parked };
}
