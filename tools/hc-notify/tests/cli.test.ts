// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { identify, parking } from '@h-containers/processes';
import { compileFixture, startFixture, stop } from '@h-containers/processes/testing';
import { execa } from 'execa';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const parker = compileFixture('parker');
const cli = fileURLToPath(new URL('../src/cli.ts', import.meta.url));
const node = ['--import', 'tsx', cli];
const run = (...args: string[]) => execa('node', [...node, ...args], { reject: false });

async function withParker(args: string[], work: (pid: number) => Promise<void>) {
  const child = await startFixture(parker, args);
  try {
    await work(child.pid);
  } finally {
    stop(child);
  }
}

const requested = (pid: number) => parking(identify(pid))?.control.request;

/** Of a busy machine, which may take seconds to start a program. */
const PATIENCE_MS = 60_000;

async function until(condition: () => boolean) {
  const deadline = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('did not happen');
    await sleep(10);
  }
}

/** Fails with what the tool said when it ends without having asked. */
async function untilRequested(pid: number, notify: PromiseLike<{ exitCode?: number; stderr?: unknown }>) {
  let ended: unknown;
  notify.then(({ exitCode, stderr }) => {
    ended = `ended with ${exitCode}: ${stderr}`;
  });
  await until(() => requested(pid) === 1 || ended !== undefined);
  assert.is(requested(pid), 1, String(ended));
}

test('the stream to a file names what was parked, and it stays parked', () =>
  withParker(['threads=2', 'fork'], async (pid) => {
    const dir = mkdtempSync(join(tmpdir(), 'hc-'));
    await execa('sh', ['-c', `node ${node.join(' ')} ${pid} >${join(dir, 'stream')}`]);
    const { stdout } = await execa('tar', ['xOf', join(dir, 'stream')]);
    const record = JSON.parse(stdout);
    assert.is(record.tool, 'hc-notify');
    assert.is(record.pid, pid);
    assert.is(record.pids.length, 2);
    assert.is(record.threads.length, 4);
    assert.ok(Date.parse(record.parkedAt) >= Date.parse(record.requestedAt));
    assert.match(record.processes[0].buildId, /^[0-9a-f]{40}$/);
    assert.is(requested(pid), 1);

    const again = await run(String(pid));
    assert.is(again.exitCode, 1);
    assert.match(again.stderr, `hc-notify --resume ${pid}`);
    assert.is((await run('--resume', String(pid))).exitCode, 0);
    assert.is(requested(pid), 0);
    assert.is(readFileSync(join(dir, 'stream')).length % 512, 0);
    rmSync(dir, { recursive: true });
  }));

test('with a reader that takes everything it ends well', () =>
  withParker([], async (pid) => {
    const { exitCode } = await execa('sh', ['-c', `node ${node.join(' ')} ${pid} | cat >/dev/null`]);
    assert.is(exitCode, 0);
    assert.is(requested(pid), 1);
  }));

test('the process runs on when the reader ends without taking over', () =>
  withParker(['sleep'], async (pid) => {
    const script = `set -o pipefail; node ${node.join(' ')} ${pid} | sleep 1`;
    const { exitCode, stderr } = await execa('bash', ['-c', script], { reject: false });
    assert.is(exitCode, 1);
    assert.match(stderr, 'the reader went away');
    assert.is(requested(pid), 0);
  }));

test('the process runs on when the reader is killed', () =>
  withParker([], async (pid) => {
    const notify = execa('node', [...node, String(pid)], { reject: false, buffer: false, stdout: 'pipe' });
    const reader = execa('sleep', ['60'], { stdin: 'pipe', reject: false });
    notify.stdout?.pipe(reader.stdin);
    await until(() => parking(identify(pid))?.complete ?? false);
    await sleep(200);
    reader.kill('SIGKILL');
    notify.stdout?.destroy();
    assert.is((await notify).exitCode, 1);
    assert.is(requested(pid), 0);
  }));

test('Ctrl-C while it waits for a thread: all run on', () =>
  withParker(['threads=3', 'deaf'], async (pid) => {
    const notify = execa('node', [...node, '--timeout', '1m', String(pid)], { reject: false });
    await untilRequested(pid, notify);
    notify.kill('SIGINT');
    const { exitCode, stderr } = await notify;
    assert.is(exitCode, 130);
    assert.match(stderr, 'interrupted by SIGINT');
    assert.is(requested(pid), 0);
    assert.is(parking(identify(pid))?.control.parked, 0);
  }));

test('killed while it waits for a thread: all run on', () =>
  withParker(['threads=3', 'deaf'], async (pid) => {
    const notify = execa('node', [...node, '--timeout', '1m', String(pid)], { reject: false });
    await untilRequested(pid, notify);
    notify.kill('SIGKILL');
    await notify;
    await until(() => requested(pid) === 0 && parking(identify(pid))?.control.parked === 0);
  }));

test('a thread that does not park in time is named; exit code 3', () =>
  withParker(['deaf'], async (pid) => {
    const { exitCode, stderr } = await run('--timeout', '300ms', String(pid));
    assert.is(exitCode, 3);
    assert.match(stderr, new RegExp(`thread ${pid}: (reached no migration point|in blocking system call)`));
    assert.is(requested(pid), 0);
  }));

test('a program that is not ours: exit code 3, its pid and the way out', async () => {
  const { exitCode, stderr } = await run(String(process.pid));
  assert.is(exitCode, 3);
  assert.match(stderr, `process ${process.pid}`);
  assert.match(stderr, 'hc-compile');
});

const WRONG: [string[], RegExp][] = [
  [[], /no process given/],
  [['abc'], /'abc' is not a whole number/],
  [['--timeout', 'soon', '42'], /'soon' is not a duration/],
  [['--frobnicate', '42'], /frobnicate/],
];

for (const [args, message] of WRONG)
  test(`wrong usage: ${args.join(' ') || '(nothing)'}`, async () => {
    const { exitCode, stderr } = await run(...args);
    assert.is(exitCode, 2);
    assert.match(stderr, message);
  });

test.run();
