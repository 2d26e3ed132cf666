// SPDX-License-Identifier: GPL-3.0-or-later
// A third host on the guests' network: a network namespace of the x86-64 guest, with a MAC address, an ARP cache and a TCP
// of its own, on one bridge with the guest's interface. It stays where it is while services move between the guests.
import type { Guest } from './guest.ts';
import type { Guests, Isa } from './guests.ts';

const NAME = 'client';

export interface ClientHost {
  guest: Guest;
  /** The interface of each guest that leads to the network. */
  devices: Record<Isa, string>;
  /** The command as the client host runs it. */
  command(words: string): string;
}

const made = new WeakMap<Guests, Promise<ClientHost>>();

/** Once per pair of guests. */
export function clientHost(guests: Guests): Promise<ClientHost> {
  const known = made.get(guests) ?? make(guests);
  made.set(guests, known);
  return known;
}

async function make({ x86 }: Guests): Promise<ClientHost> {
  const { address, macs } = x86.plan;
  await x86.run(
    [
      // A pair that stays up has it already.
      `[ ! -e /var/run/netns/${NAME} ] || exit 0`,
      'set -e',
      // busybox's modprobe, which the kernel calls, loads what bridge depends on in the wrong order.
      'modprobe llc; modprobe stp; modprobe bridge',
      // With the MAC address of eth1 the guest stays the same for the other one.
      `/sbin/ip link add br0 address ${macs[1]} mtu 9000 type bridge`,
      `/sbin/ip netns add ${NAME}`,
      `/sbin/ip link add to-${NAME} mtu 9000 type veth peer name eth0 mtu 9000 netns ${NAME}`,
      `/sbin/ip link set to-${NAME} master br0 up`,
      `/sbin/ip netns exec ${NAME} sh -c "ip link set lo up; ip address add 10.77.0.9/24 dev eth0; ip link set eth0 up"`,
      `/sbin/ip link set eth1 master br0; ip address del ${address}/24 dev eth1; ip address add ${address}/24 dev br0; ip link set br0 up`,
    ].join('\n'),
  );
  return {
    guest: x86,
    devices: { 'x86-64': 'br0', aarch64: 'eth1' },
    command: (words) => `/sbin/ip netns exec ${NAME} ${words}`,
  };
}
