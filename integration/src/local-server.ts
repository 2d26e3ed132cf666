// SPDX-License-Identifier: GPL-3.0-or-later
// A server on this machine's loopback, for tests.
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { setups } from './server-setups.ts';
import type { ServerName } from './servers.ts';

export interface LocalServer {
  port: number;
  /** Ends it; throws with what it wrote when it had ended before by itself. */
  stop(): Promise<void>;
}

const address = '127.0.0.1';

export async function freePort(): Promise<number> {
  const listener = createServer().listen(0, address);
  await new Promise((resolve) => listener.once('listening', resolve));
  const bound = listener.address();
  await new Promise((resolve) => listener.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('no free port');
  return bound.port;
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ host: address, port });
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
  }).then((result) => {
    socket.destroy();
    return result as boolean;
  });
}

/** `command`: the executable, and what runs it where it is of another ISA. */
export async function startHere(
  name: ServerName,
  command: string[],
  env: Record<string, string> = {},
): Promise<LocalServer> {
  const folder = await mkdtemp(join(tmpdir(), `${name}-`));
  // Servers give up root's rights and must still get at their files.
  await chmod(folder, 0o755);
  const place = { address, port: await freePort() };
  const run = join(folder, 'run');
  await mkdir(run);
  await setups[name].prepare(join(folder, 'in'), place);
  const [program = '', ...args] = [...command, ...setups[name].args(place)];
  const log = join(folder, 'output');
  const child = execa(program, args, {
    ...{ cwd: run, env, stdin: 'ignore', stdout: { file: log }, stderr: { file: log } },
    ...{ buffer: false, reject: false, forceKillAfterDelay: 20_000 },
  });
  let ended = false;
  child.then(() => {
    ended = true;
  });
  const stop = async (): Promise<void> => {
    const failed = ended;
    child.kill();
    await child;
    const said = await readFile(log, 'latin1');
    await rm(folder, { recursive: true, force: true });
    if (failed) throw new Error(`${name} ended by itself: ${said.slice(-4000)}`);
  };
  const deadline = performance.now() + 120_000;
  while (!(await answers(place.port))) {
    if (ended || performance.now() > deadline) {
      await stop();
      throw new Error(`${name} does not answer on port ${place.port}`);
    }
    await sleep(50);
  }
  return { port: place.port, stop };
}
