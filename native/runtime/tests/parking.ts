// SPDX-License-Identifier: 0BSD
// Starts test programs on this machine and stops them as hc-notify does it.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { abi } from '@h-containers/bundle';
import { park, release } from '@h-containers/processes';
import { execa } from 'execa';
import { bundle, command } from './programs.ts';

export async function start(name: string, args: string[]) {
  const [file, ...first] = command(await bundle(name), 'x86-64');
  const child = execa(file, [...first, ...args], { timeout: 60_000, stdin: 'pipe', reject: false });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const line = async () => (await lines.next()).value as string;
  if (child.pid === undefined) throw new Error(`${name} did not start`);
  return { child, pid: child.pid, line };
}

export const options = (timeoutMs = 5000) => ({
  timeoutMs,
  tree: false,
  signal: new AbortController().signal,
  onTarget: () => {},
});

export async function freeze(pid: number, ms: number): Promise<void> {
  const targets = await park([pid], options());
  await sleep(ms);
  await release(targets);
}

/** What hc-xform tells the runtime: that all it knows of the machine and of native frames is old. */
export function countMove(pid: number): void {
  const file = openSync(`/proc/${pid}/mem`, 'r+');
  const word = new Uint32Array(1);
  const position = Number(abi.HC_CONTROL_ADDRESS) + abi.control.generation[0];
  readSync(file, word, 0, 4, position);
  word[0] = (word[0] ?? 0) + 1;
  writeSync(file, word, 0, 4, position);
  closeSync(file);
}
