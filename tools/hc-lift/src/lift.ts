// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the native part, which is a process of its own: libVEX does not live in a shared object.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nativePaths } from '@h-containers/native-toolchain';
import { type Cleanup, HcError, systemError } from '@h-containers/tool-kit';

export interface Lifted {
  bitcode: string;
  report: string;
}

/** How functions pass registers; the names are those of native/lift/src/main.cpp. */
export const MODES = ['registers', 'state'] as const;
export type Mode = (typeof MODES)[number];

export interface LiftOptions {
  /** More addresses where code begins. */
  entries: readonly string[];
  mode: Mode;
  /** Keep the order of memory accesses, also when nothing is seen that makes threads. */
  threads: boolean;
}

export async function lift(
  executable: string,
  { entries, mode, threads }: LiftOptions,
  cleanup: Cleanup,
): Promise<Lifted> {
  await checkReadable(executable);
  const work = await mkdtemp(join(tmpdir(), 'hc-lift-'));
  cleanup.add(() => rm(work, { recursive: true, force: true }));
  const result = { bitcode: join(work, 'lifted.bc'), report: join(work, 'report.json') };
  const { lift: program, runtime } = nativePaths();
  await run(program, [
    ...['--out', result.bitcode, '--report', result.report, '--runtime', runtime],
    ...['--mode', mode],
    ...(threads ? ['--ordered'] : []),
    ...entries.flatMap((entry) => ['--entry', entry]),
    executable.startsWith('-') ? `./${executable}` : executable,
  ]);
  return result;
}

async function checkReadable(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) throw new HcError(`${path} is a directory`);
  } catch (error) {
    throw error instanceof HcError ? error : systemError(error, path);
  }
}

function run(program: string, args: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    child.on('error', (error) =>
      reject(
        new HcError(`${program} can't be started: ${error.message}`, { hint: 'build it: npx nx build lift' }),
      ),
    );
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else if (signal)
        reject(
          new HcError(`the lifter was ended by ${signal}; this is a defect of hc-lift, please report it`),
        );
      else reject(new HcError(said.trim().replace(/^hc-lift: /, '') || 'the lifter failed'));
    });
  });
}
