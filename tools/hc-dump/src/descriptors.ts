// SPDX-License-Identifier: GPL-3.0-or-later
// Open files that tie a process to this machine. CRIU would refuse some later, and carry others on cut in half.
import { readdirSync, readlinkSync, statSync } from 'node:fs';
import { socketInodes, unixPeers, unixSockets } from '@h-containers/network';
import { allPids, describe, readProc } from '@h-containers/processes';
import { cannotMove } from '@h-containers/tool-kit';
import { checkSystemV, checkWatches } from './local-objects.ts';

interface Descriptor {
  pid: number;
  fd: number;
  /** What /proc/PID/fd/FD points to: a path, or pipe:[inode]. */
  target: string;
}

interface Tree {
  pids: readonly number[];
  descriptors: readonly Descriptor[];
}

const TERMINAL = /^\/dev\/(?:pts\/\d+|tty\w*|console)$/;
const PIPE = /^pipe:\[\d+\]$/;
/** Made by a system call of its own, without a path; those that CRIU 3.17 knows. */
const ANONYMOUS = /^anon_inode:\[?(?!eventpoll|eventfd|signalfd|timerfd|inotify|fanotify)(\w[\w-]*)\]?$/;
/** Devices that are the same everywhere, or that CRIU makes anew: memory(4), pts(4), the network's tun. */
const DEVICES = /^\/dev\/(?:null|zero|full|random|urandom|ptmx|pts\/\w+|tty|net\/tun|shm\/.*|mqueue\/.*)$/;
const O_ACCMODE = 3;
/** Pipes above it that lead outside were leaked by whoever started the process: nobody misses their other end. */
const STDERR = 2;

const CHECKS = [checkTerminal, checkPipe, checkAnonymous, checkInotify, checkDevice] as const;

/** Refuses, naming the descriptor, what cannot leave this machine. */
export function checkDescriptors(pids: readonly number[]): void {
  const tree = { pids, descriptors: pids.flatMap(descriptorsOf) };
  for (const descriptor of tree.descriptors) for (const check of CHECKS) check(descriptor, tree);
  checkUnixSockets(tree);
  for (const pid of pids) checkSystemV(pid);
}

/** A pseudo-terminal whose other side is in the tree moves with both. */
function checkTerminal({ pid, fd, target }: Descriptor, { descriptors }: Tree): void {
  if (!TERMINAL.test(target) || descriptors.some((each) => masterOf(each) === target)) return;
  throw cannotMove(
    `${describe(pid)}: descriptor ${fd} is the terminal ${target}`,
    'start it detached: setsid PROGRAM </dev/null >OUTPUT 2>&1',
  );
}

/** The terminal that a descriptor of /dev/ptmx controls: proc(5), fdinfo. */
function masterOf({ pid, fd, target }: Descriptor): string | undefined {
  if (!target.endsWith('/ptmx')) return undefined;
  const index = readProc(`${pid}/fdinfo/${fd}`)?.match(/^tty-index:\s+(\d+)/m)?.[1];
  return index === undefined ? undefined : `/dev/pts/${index}`;
}

function checkAnonymous({ pid, fd, target }: Descriptor): void {
  const kind = ANONYMOUS.exec(target)?.[1];
  if (kind !== undefined)
    throw cannotMove(
      `${describe(pid)}: descriptor ${fd} is of a kind that CRIU does not carry: ${kind}`,
      'have the program do without it, or close it before the move',
    );
}

function checkInotify({ pid, fd, target }: Descriptor): void {
  if (/^anon_inode:\[?inotify\]?$/.test(target)) checkWatches(pid, fd);
}

function checkDevice({ pid, fd, target }: Descriptor): void {
  if (target.startsWith('/dev/') && !DEVICES.test(target) && !TERMINAL.test(target) && isDevice(pid, fd))
    throw cannotMove(
      `${describe(pid)}: descriptor ${fd} is the device ${target}, which stays here`,
      'have the program close it before the move',
    );
}

function isDevice(pid: number, fd: number): boolean {
  try {
    const facts = statSync(`/proc/${pid}/fd/${fd}`);
    return facts.isCharacterDevice() || facts.isBlockDevice();
  } catch {
    return false;
  }
}

/** Unix sockets that lead out of the tree: asked of the kernel only if there are any. */
function checkUnixSockets({ pids, descriptors }: Tree): void {
  const own = new Map(
    descriptors.flatMap((each) => {
      const inode = /^socket:\[(\d+)\]$/.exec(each.target)?.[1];
      return inode === undefined ? [] : [[Number(inode), each] as const];
    }),
  );
  const [root] = pids;
  const mayLead = unixSockets(root).some(({ inode, connected }) => connected && own.has(inode));
  if (!mayLead) return;
  for (const { inode, peer } of unixPeers()) {
    const socket = own.get(inode);
    if (!socket || peer === 0 || own.has(peer)) continue;
    const outsider = allPids().find((pid) => socketInodes(pid).includes(peer));
    // Nobody holds the other end any more: as good elsewhere.
    if (outsider === undefined) continue;
    throw cannotMove(
      `${describe(socket.pid)}: descriptor ${socket.fd} is a Unix socket connected to ${describe(outsider)}, which stays here`,
      'end that connection before the move, or move both as one process tree',
    );
  }
}

/** A pipe whose other end nobody holds any more is as good elsewhere. */
function checkPipe(own: Descriptor, { descriptors, pids }: Tree): void {
  if (own.fd > STDERR || !PIPE.test(own.target)) return;
  const ends = new Set(descriptors.filter(({ target }) => target === own.target).map(accessMode));
  if (ends.size > 1) return;
  const tree = new Set(pids);
  const outsider = allPids().find(
    (pid) =>
      !tree.has(pid) &&
      descriptorsOf(pid).some((each) => each.target === own.target && accessMode(each) !== accessMode(own)),
  );
  if (outsider !== undefined)
    throw cannotMove(
      `${describe(own.pid)}: descriptor ${own.fd} is a pipe to ${describe(outsider)}, which stays here`,
      'start it with files in the place of the pipe, or move both as one process tree',
    );
}

function descriptorsOf(pid: number): Descriptor[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((name) => descriptorOf(pid, Number(name)));
  } catch {
    return [];
  }
}

/** Empty if it was closed in the meantime. */
function descriptorOf(pid: number, fd: number): Descriptor[] {
  try {
    return [{ pid, fd, target: readlinkSync(`/proc/${pid}/fd/${fd}`) }];
  } catch {
    return [];
  }
}

function accessMode({ pid, fd }: Descriptor): number {
  const flags = readProc(`${pid}/fdinfo/${fd}`)?.match(/^flags:\s+([0-7]+)/m)?.[1] ?? '0';
  return Number.parseInt(flags, 8) & O_ACCMODE;
}
