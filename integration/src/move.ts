// SPDX-License-Identifier: GPL-3.0-or-later
// One hop of one process from guest to guest: the pipeline that a user would type, and what its tools tell about it.
import type { Isa } from './architectures.ts';
import { type Guest, GuestError, quote } from './guest.ts';

export interface Stage {
  tool: string;
  isa: string;
  startedAt: string;
  ms: Record<string, number>;
}

export interface Hop {
  from: Isa;
  to: Isa;
  /** From the last thread's parking to the process's first step at the destination, by the guests' clocks. */
  downMs: number;
  /** What it took as seen from outside, start-up of all tools included. */
  totalMs: number;
  /** Size of the images. */
  bytes: number;
  stages: Stage[];
}

export interface Move {
  from: Guest;
  to: Guest;
  pid: number;
  /** Folder of bundles in the guests. */
  bundles: string;
  /** Folders whose files travel along when the process writes to them. */
  files: string[];
  /** Addresses of the service, and the interface that gets them. */
  addresses?: { names: string[]; device: string };
}

export function pipeline({ to, pid, bundles, files, addresses }: Move): string {
  const carried = files.flatMap((folder) => ['--files', folder]);
  const names = addresses?.names ?? [];
  const leaving = names.flatMap((name) => ['--address', name]);
  const arriving = names.flatMap((name) => ['--address', `${name}=${addresses?.device}`]);
  const restore = quote(['hc-restore', '--json', ...carried, ...arriving]);
  return [
    quote(['hc-notify', '--json', '--timeout', '60s', String(pid)]),
    quote(['hc-dump', '--json', ...carried, ...leaving]),
    quote(['hc-xform', '--json', '--to', to.isa, '--bundles', bundles]),
    quote(['rsh', to.isa, restore]),
  ].join(' | ');
}

interface Told {
  tool?: string;
  downMs?: number;
  bytes?: number;
  stages?: Stage[];
}

/** The JSON lines among what the tools wrote to stderr. */
function linesOf(stderr: string): Told[] {
  return stderr.split('\n').flatMap((line) => {
    try {
      return line.startsWith('{') ? [JSON.parse(line) as Told] : [];
    } catch {
      return [];
    }
  });
}

export async function move(order: Move): Promise<Hop> {
  const { from, to } = order;
  const command = `set -o pipefail; ${pipeline(order)}`;
  const started = performance.now();
  const result = await from.exec(command, { timeoutMs: 300_000 });
  const totalMs = performance.now() - started;
  const told = linesOf(result.stderr);
  const { stages, downMs } = told.find((line) => line.tool === 'hc-restore' && line.stages) ?? {};
  if (result.code !== 0 || !stages) throw new GuestError(from.isa, command, result);
  const bytes = told.find((line) => line.tool === 'hc-dump' && line.bytes)?.bytes ?? 0;
  return { from: from.isa, to: to.isa, downMs: downMs ?? Number.NaN, totalMs, bytes, stages };
}
