// SPDX-License-Identifier: GPL-3.0-or-later
import { errorCode, HcError } from '@h-containers/tool-kit';
import { ExecaError, execa } from 'execa';

/** Command -> Debian package that has it. */
const PACKAGES: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  ss: 'iproute2',
  nft: 'nftables',
  arping: 'iputils-arping',
};

/** What went wrong with one of them, and the way out. */
export function commandError(words: readonly string[], error: unknown): HcError {
  const [program = ''] = words;
  if (errorCode(error) === 'ENOENT')
    return new HcError(`${program}: no such program`, { hint: `apt-get install ${PACKAGES[program]}` });
  const said = error instanceof ExecaError ? String(error.stderr ?? '').trim() : '';
  return new HcError(`${words.join(' ')} failed${said ? `: ${said}` : ''}`, { cause: error });
}

/** Runs one to its end and returns what it wrote. */
export async function run(words: readonly string[], input = ''): Promise<string> {
  const [program = '', ...args] = words;
  try {
    // A session of its own: Ctrl-C must not end it half-way.
    const { stdout } = await execa(program, args, { input, detached: true, cleanup: false });
    return stdout;
  } catch (error) {
    throw commandError(words, error);
  }
}

/** The same for a shell script. */
export function shellLine(words: readonly string[]): string {
  return words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
}
