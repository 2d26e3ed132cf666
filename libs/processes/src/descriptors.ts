// SPDX-License-Identifier: GPL-3.0-or-later
import { getSystemErrorName } from 'node:util';
import { HcError } from '@h-containers/tool-kit';
import { native } from './native.ts';
import { describe } from './proc.ts';

/** Bytes that wait to be read from a descriptor of a process: FIONREAD of ioctl_list(2) on a copy of it. */
export function unreadBytes(pid: number, fd: number): number {
  const answer = native().unread(pid, fd);
  if (answer >= 0) return answer;
  throw new HcError(
    `${describe(pid)}: what waits in descriptor ${fd} can't be known: ${getSystemErrorName(answer)}`,
    {
      hint: 'run this tool as root',
    },
  );
}
