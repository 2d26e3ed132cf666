// SPDX-License-Identifier: GPL-3.0-or-later
import { usageError } from './errors.ts';

interface MaybeTerminal {
  isTTY?: boolean;
}

/** An image stream is binary: it never goes to a terminal. */
export function refuseTerminalOutput(stdout: MaybeTerminal): void {
  if (stdout.isTTY)
    throw usageError(
      'standard output is a terminal; an image stream is binary',
      'pipe it into the next tool, or write a directory with --out DIR',
    );
}

/** Waiting for somebody to type a tar stream helps nobody. */
export function refuseTerminalInput(stdin: MaybeTerminal): void {
  if (stdin.isTTY)
    throw usageError(
      'standard input is a terminal; an image stream is expected there',
      'pipe the previous tool into this one, or read a directory with --in DIR',
    );
}
