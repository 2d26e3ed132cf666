// SPDX-License-Identifier: GPL-3.0-or-later

/** Exit codes of every tool; docs/architecture.md. */
export const EXIT = { done: 0, failed: 1, usage: 2, cannotMove: 3 } as const;

export interface HcErrorOptions {
  exitCode?: number;
  /** What the user can do about it. */
  hint?: string;
  cause?: unknown;
}

/** An error in the user's terms: what happened, to which object; the hint says what to do. */
export class HcError extends Error {
  override readonly name = 'HcError';
  readonly exitCode: number;
  readonly hint: string | undefined;

  constructor(message: string, options: HcErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? EXIT.failed;
    this.hint = options.hint;
  }
}

export function usageError(message: string, hint?: string): HcError {
  return new HcError(message, { exitCode: EXIT.usage, ...(hint === undefined ? {} : { hint }) });
}

export function cannotMove(message: string, hint?: string): HcError {
  return new HcError(message, { exitCode: EXIT.cannotMove, ...(hint === undefined ? {} : { hint }) });
}

export function errorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** errno -> words and the way out. What is not listed keeps the system's own message. */
const SYSTEM_ERRORS: Record<string, { what: string; hint?: string }> = {
  ENOSPC: { what: 'no space left on the device', hint: 'free some space, or write somewhere else' },
  EDQUOT: { what: 'disk quota exceeded', hint: 'free some space, or write somewhere else' },
  EPIPE: {
    what: 'the reader went away before the end',
    hint: 'see the next tool of the pipe for the reason',
  },
  ENOENT: { what: 'no such file or directory' },
  ENOTDIR: { what: 'not a directory' },
  EISDIR: { what: 'is a directory' },
  EEXIST: { what: 'exists already' },
  ENOTEMPTY: { what: 'is not empty' },
  EACCES: { what: 'permission denied', hint: 'run as root, or as the owner' },
  EPERM: { what: 'operation not permitted', hint: 'run as root, or as the owner' },
  EROFS: { what: 'read-only file system' },
  EMFILE: { what: 'too many open files', hint: 'raise the limit: ulimit -n' },
  EIO: { what: 'input/output error' },
};

/** Turns a failed system call on `object` (a path, "standard output") into an HcError; passes HcErrors on. */
export function systemError(error: unknown, object: string): HcError {
  if (error instanceof HcError) return error;
  const known = SYSTEM_ERRORS[errorCode(error) ?? ''];
  const what = known?.what ?? (error instanceof Error ? error.message : String(error));
  const hint = known?.hint === undefined ? {} : { hint: known.hint };
  return new HcError(`${object}: ${what}`, { cause: error, ...hint });
}
