// SPDX-License-Identifier: GPL-3.0-or-later
// Connections of the process tree: what CRIU must be told, and what would break.
import { type InetSocket, readSockets, socketInodes } from '@h-containers/network';
import { allPids, describe } from '@h-containers/processes';
import { cannotMove } from '@h-containers/tool-kit';

/** Not yet, or no more, connected. */
const UNCONNECTED: readonly string[] = ['listening', 'closed', 'time-wait', 'syn-received'];

/** TCP connections that processes of the tree have open. */
export function connectionsOf(pids: readonly number[]): InetSocket[] {
  const [root] = pids;
  if (root === undefined) return [];
  const own = new Set(pids.flatMap(socketInodes));
  if (own.size === 0) return [];
  const all = readSockets(root).filter(({ protocol }) => protocol === 'tcp');
  const connections = all.filter(({ inode, state }) => own.has(inode) && !UNCONNECTED.includes(state));
  for (const connection of connections) checkPeer(connection, all, own);
  return connections;
}

/** Places where connections wait to be accepted, or are half-way there: CRIU carries them on no account. */
export function waitingConnections(pids: readonly number[]): InetSocket[] {
  const [root] = pids;
  const own = new Set(pids.flatMap(socketInodes));
  if (root === undefined || own.size === 0) return [];
  const all = readSockets(root).filter(({ protocol }) => protocol === 'tcp');
  const listeners = all.filter(({ inode, state }) => own.has(inode) && state === 'listening');
  const begun = all.filter(({ state }) => state === 'syn-received');
  return listeners.filter(
    ({ received, local }) => received > 0 || begun.some((each) => each.local.port === local.port),
  );
}

/** A peer on this machine, but outside of the tree, would lose sight of it. */
function checkPeer(connection: InetSocket, all: readonly InetSocket[], own: ReadonlySet<number>): void {
  const { local, remote } = connection;
  const peer = all.find(
    (each) =>
      each.inode !== 0 && !own.has(each.inode) && same(each.local, remote) && same(each.remote, local),
  );
  if (!peer || !isLoopback(local.address)) return;
  const owner = allPids().find((pid) => socketInodes(pid).includes(peer.inode));
  throw cannotMove(
    `the connection ${text(local)} - ${text(remote)} leads to ${owner === undefined ? 'a socket' : describe(owner)}, which stays here`,
    'end the connection, have it use an address that moves along (--address), or move both as one process tree',
  );
}

function same(a: InetSocket['local'], b: InetSocket['local']): boolean {
  return a.port === b.port && a.address === b.address;
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '0:0:0:0:0:0:0:1';
}

export function text({ address, port }: InetSocket['local']): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
