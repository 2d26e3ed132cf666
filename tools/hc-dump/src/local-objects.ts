// SPDX-License-Identifier: GPL-3.0-or-later
// What CRIU writes to its images by a number that means something on this machine only.
import { readlinkSync } from 'node:fs';
import { describe, readProc, unreadBytes } from '@h-containers/processes';
import { cannotMove } from '@h-containers/tool-kit';

/** Where CRIU writes the path of what is watched, and not its file handle: fsnotify.c of CRIU 3.17. */
const BY_PATH = ['tmpfs', 'devtmpfs'];

/** Refuses an inotify descriptor that would lose events, or whose watches would be on other files, or on none, elsewhere. */
export function checkWatches(pid: number, fd: number): void {
  checkPlaces(pid, fd);
  if (unreadBytes(pid, fd) === 0) return;
  throw cannotMove(
    `${describe(pid)}: descriptor ${fd} holds inotify events that the program has not read yet; CRIU does not carry them`,
    'try again when the program has read them',
  );
}

function checkPlaces(pid: number, fd: number): void {
  const info = readProc(`${pid}/fdinfo/${fd}`) ?? '';
  for (const [, inode = '', device = ''] of info.matchAll(/^inotify wd:\w+ ino:(\w+) sdev:(\w+)/gm)) {
    const { type, where } = fileSystemOf(pid, Number.parseInt(device, 16));
    if (BY_PATH.includes(type)) continue;
    throw cannotMove(
      `${describe(pid)}: descriptor ${fd} watches inode ${Number.parseInt(inode, 16)} of ${where} by inotify; CRIU carries watches of tmpfs only`,
      'have the program watch a directory of a tmpfs, or look at the files from time to time',
    );
  }
}

/** proc(5), mountinfo. device: as the kernel packs it, 12 bits of major and 20 of minor number. */
function fileSystemOf(pid: number, device: number): { type: string; where: string } {
  const number = `${device >>> 20}:${device & 0xfffff}`;
  const lines = (readProc(`${pid}/mountinfo`) ?? '').split('\n').map((line) => line.split(' '));
  const mount = lines.find((fields) => fields[2] === number);
  if (!mount) return { type: '', where: `device ${number}` };
  const type = mount[mount.indexOf('-') + 1] ?? '';
  return { type, where: `the ${type} on ${mount[4]}` };
}

/** Refuses attached System V shared memory of the machine's own IPC namespace, of which a process can't take its part. */
export function checkSystemV(pid: number): void {
  const id = /\d+ +\/SYSV[0-9a-f]{8} \(deleted\)$/m.exec(readProc(`${pid}/maps`) ?? '')?.[0].split(' ')[0];
  if (id === undefined || ipcNamespace(pid) !== ipcNamespace('self')) return;
  throw cannotMove(
    `${describe(pid)} has System V shared memory attached, segment ${id}, which belongs to this machine's IPC namespace`,
    'start the program with an IPC namespace of its own: unshare -i PROGRAM',
  );
}

function ipcNamespace(pid: number | 'self'): string {
  return readlinkSync(`/proc/${pid}/ns/ipc`);
}
