// SPDX-License-Identifier: GPL-3.0-or-later
import { isIPv4 } from 'node:net';
import { cannotMove, HcError } from '@h-containers/tool-kit';
import { run } from './commands.ts';

/** An address, and how its interface has it. */
export interface Assigned {
  address: string;
  prefix: number;
  device: string;
  /** Broadcast address and label: ip-address(8). */
  broadcast?: string;
  label?: string;
  /** Another address of the same network came first: it can go alone. */
  secondary: boolean;
}

/** Two octets would do for inet_aton(3), not for us. */
export const isAddress = isIPv4;

/** The IPv4 addresses of this machine. */
export async function assignedAddresses(): Promise<Assigned[]> {
  return parseAddresses(await run(['ip', '-json', '-4', 'address', 'show']));
}

interface Listed {
  ifname?: unknown;
  addr_info?: Record<string, unknown>[];
}

/** From ip -json. */
export function parseAddresses(json: string): Assigned[] {
  const interfaces = JSON.parse(json) as Listed[];
  return interfaces.flatMap(({ ifname, addr_info = [] }) =>
    addr_info.flatMap(({ family, local, prefixlen, broadcast, label, secondary }) =>
      family !== 'inet' || typeof local !== 'string'
        ? []
        : [
            {
              address: local,
              prefix: Number(prefixlen),
              device: String(ifname),
              ...(typeof broadcast === 'string' ? { broadcast } : {}),
              ...(typeof label === 'string' && label !== ifname ? { label } : {}),
              secondary: secondary === true,
            },
          ],
    ),
  );
}

/** How this machine has the address, which can be taken off without harm to others. */
export function findAddress(address: string, all: readonly Assigned[]): Assigned {
  const found = all.find((each) => each.address === address);
  if (!found)
    throw new HcError(`${address} (--address): this machine has no such address`, {
      hint: `it has ${all.map((each) => each.address).join(', ')}`,
    });
  // The kernel removes the others of the same network with the first one, unless told to promote them.
  const dependent = all.find(
    (each) => each.secondary && each.device === found.device && sameNetwork(each, found),
  );
  if (!found.secondary && dependent)
    throw cannotMove(
      `${address} is the first address of its network on ${found.device}: ${dependent.address} would go with it`,
      `put ${dependent.address} first, or the service's address on with the prefix /32`,
    );
  return found;
}

function sameNetwork(a: Assigned, b: Assigned): boolean {
  return a.prefix === b.prefix && network(a) === network(b);
}

function network({ address, prefix }: Assigned): number {
  const value = address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
  return Math.floor(value / 2 ** (32 - prefix));
}

export function removeCommand({ address, prefix, device }: Assigned): string[] {
  return ['ip', 'address', 'del', `${address}/${prefix}`, 'dev', device];
}

export function addCommand({ address, prefix, device, broadcast, label }: Assigned): string[] {
  return [
    ...['ip', 'address', 'add', `${address}/${prefix}`],
    ...(broadcast === undefined ? [] : ['broadcast', broadcast]),
    ...['dev', device],
    ...(label === undefined ? [] : ['label', label]),
  ];
}

/** Tells the neighbours where the address is now: gratuitous ARP, arping(8). */
export function announceCommand({ address, device }: Pick<Assigned, 'address' | 'device'>): string[] {
  return ['arping', '-q', '-U', '-c', '1', '-I', device, address];
}
