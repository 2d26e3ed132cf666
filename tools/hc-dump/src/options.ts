// SPDX-License-Identifier: GPL-3.0-or-later
import type { CriuOptions } from '@h-containers/criu';
import { HAND_OVER_SCRIPT } from './hand-over.ts';

/** Unlinked files that are still open travel in the images up to this size. */
const GHOST_LIMIT = 256 * 1024 * 1024;

export interface DumpFacts {
  root: number;
  /** There are TCP connections. */
  connections: boolean;
}

/** How CRIU is called; criu(8). */
export function dumpOptions({ root, connections }: DumpFacts): CriuOptions {
  return {
    tree: String(root),
    // The session's leader, a shell or sshd, stays behind.
    'shell-job': true,
    // The source must not run on by itself, nor be gone, before the destination runs.
    'action-script': HAND_OVER_SCRIPT,
    // Costs a table of nftables rules, so only where it is needed.
    ...(connections ? { 'tcp-established': true, 'network-lock': 'nftables' } : {}),
    // SQLite and many servers hold some.
    'file-locks': true,
    'ghost-limit': String(GHOST_LIMIT),
    // The destination's cgroups are its own affair.
    'manage-cgroups': 'ignore',
    verbosity: '2',
  };
}
