// SPDX-License-Identifier: GPL-3.0-or-later
// Starts programs. Plain child_process: hc-cc runs hundreds of times in a build, and its start-up counts.
import { spawn } from 'node:child_process';
import { HcError } from '@h-containers/tool-kit';

export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Set by -v: every command line is shown before it runs. */
let verbose = false;
export function showCommands(): void {
  verbose = true;
}

/** Runs to the end; a program that can't be started or is killed is an error, its exit code is the caller's to judge. */
export function run(program: string, args: readonly string[], stdio: 'collect' | 'inherit' = 'collect') {
  if (verbose) process.stderr.write(` ${[program, ...args].join(' ')}\n`);
  return new Promise<Outcome>((resolve, reject) => {
    const output = stdio === 'collect' ? 'pipe' : 'inherit';
    const child = spawn(program, args, { stdio: ['inherit', output, output] });
    const outcome: Outcome = { code: 0, stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      outcome.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      outcome.stderr += text;
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      const hint =
        error.code === 'ENOENT' ? 'install Debian packages clang-19, lld-19 and llvm-19' : undefined;
      reject(new HcError(`${program} can't be started: ${error.message}`, hint ? { hint } : {}));
    });
    child.on('close', (code, signal) => {
      if (signal) reject(new HcError(`${program} was ended by ${signal}`));
      else resolve({ ...outcome, code: code ?? 1 });
    });
  });
}

/** Thrown when a program has said on stderr what is wrong: its words go to the user unchanged. */
export class ProgramFailed extends HcError {
  constructor(
    readonly program: string,
    readonly stderr: string,
    readonly code = 1,
  ) {
    super(stderr.trim() === '' ? `${program} failed` : stderr.trimEnd());
  }
}

export async function runOrFail(program: string, args: readonly string[]): Promise<Outcome> {
  const outcome = await run(program, args);
  if (outcome.code !== 0) throw new ProgramFailed(program, outcome.stderr, outcome.code);
  return outcome;
}
