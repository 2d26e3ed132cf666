// SPDX-License-Identifier: GPL-3.0-or-later
import type { CriuOptions } from '@h-containers/criu';

/** How CRIU is called; criu(8). Each must agree with hc-dump's. */
export function restoreOptions(connections: boolean): CriuOptions {
  return {
    'restore-detached': true,
    'shell-job': true,
    'file-locks': true,
    'manage-cgroups': 'ignore',
    ...(connections ? { 'tcp-established': true, 'network-lock': 'nftables' } : {}),
    verbosity: '2',
  };
}
