// SPDX-License-Identifier: GPL-3.0-or-later
// Unix sockets. The kernel's text files don't tell who is connected to whom; ss(8) asks it through sock_diag(7).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { commandError } from './commands.ts';

/** include/uapi/linux/net.h: SS_CONNECTED */
const CONNECTED = 3;

/** From /proc/PID/net/unix: Num RefCount Protocol Flags Type St Inode Path. */
export function unixSockets(pid: number | undefined): { inode: number; connected: boolean }[] {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/net/unix`, 'latin1');
  } catch {
    return [];
  }
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.split(/\s+/))
    .filter((fields) => fields.length > 6)
    .map(([, , , , , state = '', inode]) => ({
      inode: Number(inode),
      connected: Number.parseInt(state, 16) === CONNECTED,
    }));
}

/** Inodes of sockets and their peers, 0 where there is none. */
export function unixPeers(): { inode: number; peer: number }[] {
  const words = ['ss', '-xanH'];
  try {
    return parsePeers(execFileSync('ss', words.slice(1), { encoding: 'latin1', maxBuffer: 1 << 28 }));
  } catch (error) {
    throw commandError(words, error);
  }
}

/** Netid State Recv-Q Send-Q Path Inode Path Inode; a path may hold spaces. */
export function parsePeers(text: string): { inode: number; peer: number }[] {
  return text.split('\n').flatMap((line) => {
    const [, inode, peer] = /\s(\d+)\s+\S+\s+(\d+)\s*$/.exec(line) ?? [];
    return inode === undefined ? [] : [{ inode: Number(inode), peer: Number(peer) }];
  });
}
