// SPDX-License-Identifier: GPL-3.0-or-later
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaSync } from 'execa';

const here = dirname(fileURLToPath(import.meta.url));
const top = join(here, '../../..');
const build = join(here, '../build');

let compiled = 0;

/**
 * Compiles tests/fixtures/<name>.c for this machine. Each test file has its own: a process whose executable another one
 * replaces counts as deleted.
 */
export function compileFixture(name: string, options: readonly string[] = []): string {
  mkdirSync(build, { recursive: true });
  const output = join(build, [name, process.pid, ++compiled].join('-'));
  process.once('exit', () => rmSync(output, { force: true }));
  const link = ['-static', '-no-pie', '-fuse-ld=lld', '-Wl,--build-id', '-Wl,--image-base=0x400000'];
  execaSync('clang-19', [
    ...['-O1', '-Wall', '-pthread', ...link, ...options],
    ...['-I', join(top, 'native/runtime/include')],
    ...['-o', output, join(here, 'fixtures', `${name}.c`)],
  ]);
  return output;
}

/** Starts a program and waits for its first line. */
export async function startFixture(
  program: string,
  args: readonly string[],
): Promise<ChildProcess & { pid: number }> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
    child.stdout.once('data', () => resolve());
  });
  if (child.pid === undefined) throw new Error(`${program} has no pid`);
  return Object.assign(child, { pid: child.pid });
}

export function stop(child: ChildProcess & { pid: number }): void {
  child.removeAllListeners('exit');
  // The whole group: the fixture may have forked.
  if (child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
}
