// SPDX-License-Identifier: GPL-3.0-or-later
// Internet sockets from /proc/PID/net and /proc/PID/fd: proc(5).
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { endianness } from 'node:os';

/** include/net/tcp_states.h; UDP sockets are established (connected) or closed. */
const STATES = {
  1: 'established',
  2: 'syn-sent',
  3: 'syn-received',
  4: 'fin-wait-1',
  5: 'fin-wait-2',
  6: 'time-wait',
  7: 'closed',
  8: 'close-wait',
  9: 'last-ack',
  10: 'listening',
  11: 'closing',
  12: 'syn-received',
} as const;

export type SocketState = (typeof STATES)[keyof typeof STATES];

export interface InetSocket {
  protocol: 'tcp' | 'udp';
  local: Endpoint;
  remote: Endpoint;
  state: SocketState;
  /** Of a listening socket: connections that wait to be accepted. Of others: bytes not yet read. */
  received: number;
  /** Bytes not yet acknowledged. */
  unsent: number;
  /** 0 when no process has it open. */
  inode: number;
}

export interface Endpoint {
  /** IPv4 mapped into IPv6 is given as IPv4. */
  address: string;
  port: number;
}

const FILES = [
  ['tcp', 'tcp'],
  ['tcp6', 'tcp'],
  ['udp', 'udp'],
  ['udp6', 'udp'],
] as const;

/** All sockets of the network that a process is in. */
export function readSockets(pid: number): InetSocket[] {
  return FILES.flatMap(([file, protocol]) => parseSockets(read(`/proc/${pid}/net/${file}`), protocol));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

export function parseSockets(text: string, protocol: 'tcp' | 'udp'): InetSocket[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, local, remote, state, queues, , , , , inode] = line.trim().split(/\s+/);
      if (!local || !remote || !state || !queues) return [];
      const [unsent = '0', received = '0'] = queues.split(':');
      return [
        {
          protocol,
          local: endpoint(local),
          remote: endpoint(remote),
          state: STATES[Number.parseInt(state, 16) as keyof typeof STATES] ?? 'closed',
          received: Number.parseInt(received, 16),
          unsent: Number.parseInt(unsent, 16),
          inode: Number(inode),
        },
      ];
    });
}

function endpoint(text: string): Endpoint {
  const [address = '', port = '0'] = text.split(':');
  const words = (address.match(/.{8}/g) ?? []).map((word) => bytesOf(Number.parseInt(word, 16)));
  const bytes = words.flat();
  return { address: bytes.length === 4 ? bytes.join('.') : ipv6(bytes), port: Number.parseInt(port, 16) };
}

/** The kernel prints each word of a network address as a number of its own byte order. */
function bytesOf(word: number): number[] {
  const bytes = [24, 16, 8, 0].map((shift) => (word >>> shift) & 0xff);
  return endianness() === 'LE' ? bytes.reverse() : bytes;
}

function ipv6(bytes: readonly number[]): string {
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 0xff && bytes[11] === 0xff;
  if (mapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return groups.join(':');
}

/** Inodes of all sockets that a process has open. */
export function socketInodes(pid: number): number[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => inodeOf(`/proc/${pid}/fd/${fd}`));
  } catch {
    return [];
  }
}

function inodeOf(link: string): number[] {
  try {
    const match = /^socket:\[(\d+)\]$/.exec(readlinkSync(link));
    return match ? [Number(match[1])] : [];
  } catch {
    return [];
  }
}
