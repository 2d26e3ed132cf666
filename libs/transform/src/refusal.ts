// SPDX-License-Identifier: GPL-3.0-or-later
import { cannotMove, HcError } from '@h-containers/tool-kit';

export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

/** The process is of a kind that does not move: exit code 3. */
export function refuse(what: string, hint?: string): never {
  throw cannotMove(what, hint);
}

/** The images contradict each other or themselves: exit code 1. */
export function damaged(what: string): never {
  throw new HcError(what, { hint: 'the images are truncated or damaged; dump again' });
}
