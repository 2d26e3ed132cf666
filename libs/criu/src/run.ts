// SPDX-License-Identifier: GPL-3.0-or-later
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, HcError, type HcErrorOptions } from '@h-containers/tool-kit';
import { ExecaError, execa } from 'execa';
import { decisiveLines } from './log.ts';

/** true: a flag; a string: an option with a value; false: left out. */
export type CriuOptions = Readonly<Record<string, string | boolean>>;

export interface CriuRun {
  criu: string;
  action: 'dump' | 'restore';
  images: string;
  options: CriuOptions;
}

export function toArguments(options: CriuOptions): string[] {
  return Object.entries(options).flatMap(([name, value]) => {
    if (value === false) return [];
    // Some of CRIU's values are optional, and those must be attached.
    return value === true ? [`--${name}`] : [`--${name}=${value}`];
  });
}

/** Into a file, not a pipe: its read end must not stay open in processes that CRIU leaves behind. */
const WITH_OUTPUT_IN = 'exec "$@" >"$0" 2>&1';

/** Runs CRIU to its end. Its log is <action>.log in the image directory, what it prints besides is <action>.out. */
export async function runCriu({ criu, action, images, options }: CriuRun): Promise<void> {
  const log = `${action}.log`;
  const output = join(images, `${action}.out`);
  const common = { 'images-dir': images, 'work-dir': images, 'log-file': log };
  const command = [criu, action, ...toArguments(common), ...toArguments(options)];
  try {
    await execa('/bin/sh', ['-c', WITH_OUTPUT_IN, output, ...command], {
      stdio: ['ignore', 'ignore', 'ignore'],
      detached: true,
      cleanup: false,
    });
  } catch (error) {
    const textOf = (path: string) => readFile(path, 'utf8').catch(() => '');
    throw failure(action, error, await textOf(join(images, log)), await textOf(output));
  }
}

function notFound(criu: string): HcError {
  return new HcError(`${criu}: no such program`, { hint: 'apt-get install criu, or --criu PATH' });
}

/** What goes wrong before CRIU has a log is on its standard error. */
function failure(action: string, error: unknown, log: string, said: string): HcError {
  const status = error instanceof ExecaError ? (error.exitCode ?? error.signal) : undefined;
  const lines = [log, said].map(decisiveLines).find((found) => found.length > 0) ?? lastLines(said);
  const reason =
    lines.length > 0 ? `:\n${lines.map((line) => `  ${line}`).join('\n')}` : ` with ${status ?? error}`;
  const options: HcErrorOptions = { cause: error };
  return new HcError(`criu ${action} failed${reason}`, options);
}

/** For example '3.17.1'. */
export async function criuVersion(criu: string): Promise<string> {
  try {
    const { stdout } = await execa(criu, ['--version']);
    return stdout.match(/^Version:\s*(\S+)/m)?.[1] ?? 'unknown';
  } catch (error) {
    if (errorCode(error) === 'ENOENT') throw notFound(criu);
    throw new HcError(`${criu} --version failed`, { cause: error });
  }
}

function lastLines(text: string): string[] {
  return text.split('\n').filter(Boolean).slice(-4);
}
