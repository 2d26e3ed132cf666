// SPDX-License-Identifier: GPL-3.0-or-later
// Starts one virtual machine. Emulated (TCG) by default: a /dev/kvm may exist and still be unusable.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type GuestPlan, type Isa, plans } from './architectures.ts';
import type { BootImages } from './image/build.ts';

export interface Machine {
  plan: GuestPlan;
  /** The process of QEMU. */
  pid: number;
  /** Ports of this machine's loopback that lead to the guest's ssh server, and to its rsh server. */
  port: number;
  commandPort: number;
  /** Folder of sockets, console and logs, shared with the other guest. */
  folder: string;
}

export interface LaunchOptions {
  folder: string;
  images: BootImages;
  /** End with this process, even when it is killed. */
  tied: boolean;
}

const hostIsa: Partial<Record<NodeJS.Architecture, Isa>> = { x64: 'x86-64', arm64: 'aarch64' };

/** HC_KVM=1 lets the guest of this machine's own ISA run under KVM. */
function acceleration(plan: GuestPlan): string[] {
  const kvm = process.env.HC_KVM === '1' && hostIsa[process.arch] === plan.isa;
  return kvm ? ['-accel', 'kvm'] : ['-accel', 'tcg,thread=multi'];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject()));
    });
  });
}

/** Both QEMUs exchange Ethernet frames as datagrams of two Unix sockets, so neither has to be there first. */
function peerOf(plan: GuestPlan): Isa {
  return plan.isa === plans.aarch64.isa ? 'x86-64' : 'aarch64';
}

type Ports = Pick<Machine, 'port' | 'commandPort'>;

function qemuArguments(plan: GuestPlan, { port, commandPort }: Ports, images: BootImages): string[] {
  const [outerMac, innerMac] = plan.macs;
  const commandLine = [
    `console=${plan.console} quiet panic=-1 random.trust_bootloader=on`,
    `hc.name=${plan.isa} hc.address=${plan.address} hc.pids=${plan.pids}`,
  ];
  return [
    ...plan.machine,
    ...acceleration(plan),
    // One processor: two would compute on half of the time that a two-core machine gives the tools' start-up.
    ...['-smp', process.env.HC_CPUS ?? '1', '-m', '2048', '-nodefaults', '-no-reboot'],
    ...['-display', 'none', '-monitor', 'none'],
    ...['-serial', `file:${consoleName(plan)}`],
    ...['-kernel', images.kernel, '-initrd', images.initramfs, '-append', commandLine.join(' ')],
    // snapshot: what a guest writes is gone when it stops, and the image serves any number of guests.
    ...['-drive', `file=${images.disk},format=raw,if=none,id=root,snapshot=on`],
    ...['-device', 'virtio-blk-pci,drive=root'],
    ...[
      '-netdev',
      `user,id=outer,${[
        `hostfwd=tcp:127.0.0.1:${port}-:22`,
        `hostfwd=tcp:127.0.0.1:${commandPort}-:514`,
      ].join()}`,
    ],
    ...['-device', `virtio-net-pci,netdev=outer,mac=${outerMac},romfile=`],
    ...[
      '-netdev',
      `dgram,id=inner,local.type=unix,local.path=${plan.isa}.link,remote.type=unix,remote.path=${peerOf(plan)}.link`,
    ],
    ...['-device', `virtio-net-pci,netdev=inner,mac=${innerMac},romfile=`],
  ];
}

function consoleName(plan: GuestPlan): string {
  return `${plan.isa}.console`;
}

async function waitUntilReady(plan: GuestPlan, folder: string, child: ChildProcess): Promise<void> {
  const deadline = Date.now() + 300_000;
  const text = (name: string) => readFile(join(folder, name), 'utf8').catch(() => '');
  for (;;) {
    const console = await text(consoleName(plan));
    if (console.includes('guest: READY')) return;
    if (child.exitCode !== null || child.signalCode !== null) {
      const log = await text(`${plan.isa}.log`);
      throw new Error(`QEMU of the ${plan.isa} guest ended at once: ${log.trim() || console.slice(-500)}`);
    }
    if (console.includes('guest: FAILED') || Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(
        `The ${plan.isa} guest did not start; the end of its console:\n${console.slice(-1500)}`,
      );
    }
    await sleep(50);
  }
}

/** Another program may take the port between our finding it free and QEMU's taking it. */
const isPortTaken = (error: unknown): boolean => /host forwarding/.test(String(error));

/** Starts a guest and waits until it takes commands. */
export async function launch(plan: GuestPlan, options: LaunchOptions): Promise<Machine> {
  for (let tries = 3; ; tries -= 1) {
    try {
      return await launchOnce(plan, options);
    } catch (error) {
      if (tries === 0 || !isPortTaken(error)) throw error;
    }
  }
}

async function launchOnce(plan: GuestPlan, options: LaunchOptions): Promise<Machine> {
  const { folder, images, tied } = options;
  const [port, commandPort] = [await freePort(), await freePort()];
  const log = openSync(join(folder, `${plan.isa}.log`), 'w');
  const [program = '', ...args] = [
    ...(tied ? ['setpriv', '--pdeathsig', 'KILL'] : []),
    plan.qemu,
    ...qemuArguments(plan, { port, commandPort }, images),
  ];
  // Sockets have relative names: a Unix socket's path must be shorter than 108 bytes.
  const child = spawn(program, args, {
    cwd: folder,
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, TMPDIR: folder },
  });
  closeSync(log);
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(new Error(`Can't start ${program}: ${error.message}`)));
  });
  await Promise.race([waitUntilReady(plan, folder, child), failed]);
  child.unref();
  if (child.pid === undefined) throw new Error(`Can't start ${program}`);
  return { plan, pid: child.pid, port, commandPort, folder };
}
