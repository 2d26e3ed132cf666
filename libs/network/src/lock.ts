// SPDX-License-Identifier: GPL-3.0-or-later
// nftables rules that keep packets of an address away from the kernel: nft(8).
import { run } from './commands.ts';

/** The packets that CRIU itself sends while it takes sockets down or sets them up carry this mark (soccr.h). */
const CRIU_MARK = '0xc114';
/** Should nobody be left to unlock. A dump or a restore takes seconds. */
const EXPIRES = '10m';

/** Ours, by the pid of the tree's root. */
export function lockTable(root: number): string {
  return `inet hc-${root}`;
}

/** The one that CRIU makes for connections: --network-lock nftables. */
export function connectionLockTable(root: number): string {
  return `inet CRIU-${root}`;
}

/** Adding it first makes its removal work in any case. */
export function withoutTables(tables: readonly string[]): string {
  return tables.map((table) => `add table ${table}\ndelete table ${table}\n`).join('');
}

/** Nobody can begin a connection any more: whoever tries does so again a second later, by then elsewhere. */
export function holdOffRules(root: number, addresses: readonly string[]): string {
  return rules(root, addresses, [
    'chain input { type filter hook input priority -10; tcp flags & (syn | ack) == syn ip daddr @addresses drop; }',
  ]);
}

/** No packet comes or goes. */
export function lockRules(root: number, addresses: readonly string[]): string {
  return rules(root, addresses, [
    `chain input { type filter hook input priority -10; meta mark != ${CRIU_MARK} ip daddr @addresses drop; }`,
    `chain output { type filter hook output priority -10; meta mark != ${CRIU_MARK} ip saddr @addresses drop; }`,
  ]);
}

/** A TCP connection; addresses as text, of IPv4 or IPv6. */
export interface Ends {
  local: string;
  localPort: number;
  remote: string;
  remotePort: number;
}

const FAMILIES = [
  { name: 'ip', has: (address: string) => !address.includes(':') },
  { name: 'ip6', has: (address: string) => address.includes(':') },
];

/**
 * No packet of the connections comes or goes, in the table that CRIU takes away at the end. Of sockets with unsent bytes it
 * has the kernel send these while the others are not there yet: what comes for them would be answered by a reset.
 */
export function connectionLockRules(root: number, connections: readonly Ends[]): string {
  const table = connectionLockTable(root);
  const parts = FAMILIES.flatMap(({ name, has }) => {
    const own = connections.filter(({ local }) => has(local));
    if (own.length === 0) return [];
    const elements = own.map((each) =>
      [each.local, each.localPort, each.remote, each.remotePort].join(' . '),
    );
    const type = `${name === 'ip' ? 'ipv4' : 'ipv6'}_addr`;
    const set = `connections-${name}`;
    const key = (local: string, remote: string) =>
      `${name} ${local}addr . tcp ${local}port . ${name} ${remote}addr . tcp ${remote}port @${set} drop;`;
    const chain = (hook: string, match: string) =>
      `chain ${hook}-${name} { type filter hook ${hook} priority -10; meta mark != ${CRIU_MARK} ${match} }`;
    return [
      `set ${set} { type ${type} . inet_service . ${type} . inet_service; flags timeout; timeout ${EXPIRES}; elements = { ${elements.join(', ')} } }`,
      chain('input', key('d', 's')),
      chain('output', key('s', 'd')),
    ];
  });
  return `${withoutTables([table])}table ${table} {\n  ${parts.join('\n  ')}\n}\n`;
}

/** Replaces what was there before. */
function rules(root: number, addresses: readonly string[], chains: readonly string[]): string {
  return `${withoutTables([lockTable(root)])}table ${lockTable(root)} {
  set addresses { type ipv4_addr; flags timeout; timeout ${EXPIRES}; elements = { ${addresses.join(', ')} } }
  ${chains.join('\n  ')}
}
`;
}

export async function removeTables(tables: readonly string[]): Promise<void> {
  await run(['nft', '-f', '-'], withoutTables(tables));
}
