// SPDX-License-Identifier: GPL-3.0-or-later
// Network delay between the client host and each node, as tc(8)'s netem makes it: what the client host sends is held back
// according to the MAC address that it goes to, so that the nodes' own traffic stays quick.
import { type Isa, isas, plans } from '../architectures.ts';
import type { ClientHost } from '../client-host.ts';

/** Milliseconds that a request to each node takes longer. */
export type Delays = Record<Isa, number>;

const DEVICE = 'eth0';
const band = (isa: Isa): number => isas.indexOf(isa) + 1;
const netem = (verb: string, isa: Isa, delay: number): string =>
  `tc qdisc ${verb} dev ${DEVICE} parent 1:${band(isa)} handle ${band(isa)}0: netem delay ${delay}ms limit 10000`;

async function run({ guest, command }: ClientHost, lines: readonly string[]): Promise<void> {
  await guest.run(['set -e', ...lines.map((line) => command(`/sbin/${line}`))].join('\n'));
}

/** Puts the queues up, without a delay; packets to neither node go past them. */
export async function beginDelays(host: ClientHost): Promise<void> {
  const everythingLast = Array.from({ length: 16 }, () => isas.length).join(' ');
  await host.guest.run('modprobe sch_prio; modprobe sch_netem; modprobe cls_u32');
  await run(host, [
    `tc qdisc replace dev ${DEVICE} root handle 1: prio bands ${isas.length + 1} priomap ${everythingLast}`,
    ...isas.map((isa) => netem('add', isa, 0)),
    ...isas.map(
      (isa) =>
        `tc filter add dev ${DEVICE} parent 1: protocol ip prio 1 u32 match ether dst ${plans[isa].macs[1]} flowid 1:${band(isa)}`,
    ),
  ]);
}

export async function setDelays(host: ClientHost, delays: Delays): Promise<void> {
  await run(
    host,
    isas.map((isa) => netem('change', isa, delays[isa])),
  );
}

export async function endDelays(host: ClientHost): Promise<void> {
  await run(host, [`tc qdisc del dev ${DEVICE} root`]);
}
