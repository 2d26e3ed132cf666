// SPDX-License-Identifier: GPL-3.0-or-later
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readlinkSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { allPids, readStat } from '@h-containers/processes';
import { compileFixture } from '@h-containers/processes/testing';
import { HcError } from '@h-containers/tool-kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkDescriptors } from '../src/descriptors.ts';

function refusal(pids: number[]): HcError {
  try {
    checkDescriptors(pids);
  } catch (error) {
    if (error instanceof HcError) return error;
    throw error;
  }
  throw new Error('should have been refused');
}

test('files and /dev/null may travel', () => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' });
  checkDescriptors([child.pid ?? 0]);
  child.kill('SIGKILL');
});

test('a pipe to a process outside of the tree stays: exit code 3 and its name', async () => {
  const { shell, pid } = await start("sh -c 'echo $$ >&2; exec sleep 60 2>/dev/null' | sleep 60 2>/dev/null");
  await readerOf(shell, pid);
  const error = refusal([pid]);
  process.kill(-shell, 'SIGKILL');
  assert.is(error.exitCode, 3);
  assert.match(error.message, /descriptor 1 is a pipe to process \d+ \(.*sleep\)/);
});

test('a pipe whose both ends are in the tree may travel, and one that nobody reads', async () => {
  const { shell, pid } = await start("sh -c 'echo $$ >&2; exec sleep 60 2>/dev/null' | sleep 60 2>/dev/null");
  const reader = await readerOf(shell, pid);
  checkDescriptors([pid, reader]);
  process.kill(reader, 'SIGKILL');
  while (readStat(reader)?.state !== 'Z' && readStat(reader)) await sleep(5);
  checkDescriptors([pid]);
  process.kill(-shell, 'SIGKILL');
});

test('a terminal stays', async () => {
  const { shell, pid } = await start('exec script -qec "echo \\$\\$ >&3; exec sleep 60" /dev/null 3>&2');
  const error = refusal([pid]);
  process.kill(-shell, 'SIGKILL');
  process.kill(pid, 'SIGKILL');
  assert.is(error.exitCode, 3);
  assert.match(error.message, /descriptor \d is the terminal \/dev\/pts\/\d+/);
});

test('a pair of terminals within the tree may travel', async () => {
  const { pid, end } = await hold('terminals');
  checkDescriptors([pid]);
  end();
});

test('a Unix socket to a process outside of the tree stays; one within travels', async () => {
  const { pid, said, end } = await hold('sockets');
  checkDescriptors([pid, said]);
  const error = refusal([pid]);
  end();
  assert.is(error.exitCode, 3);
  assert.match(error.message, new RegExp(`descriptor \\d+ is a Unix socket connected to process ${said} `));
});

test('what CRIU has no image for is refused by its kind', async () => {
  const { pid, said, end } = await hold('pidfd');
  const error = refusal([pid]);
  end();
  assert.match(error.message, `descriptor ${said} is of a kind that CRIU does not carry: pidfd`);
});

test('epoll, eventfd, timerfd, signalfd and inotify may travel', async () => {
  const { pid, end } = await hold('events');
  checkDescriptors([pid]);
  end();
});

test('an inotify watch of a tmpfs may travel; any other is refused by what it watches', async () => {
  const tmpfs = await hold('watch-tmpfs');
  checkDescriptors([tmpfs.pid]);
  tmpfs.end();
  const disk = await hold('watch-disk');
  const error = refusal([disk.pid]);
  disk.end();
  assert.is(error.exitCode, 3);
  const { ino } = statSync('/etc/passwd');
  assert.match(error.message, new RegExp(`descriptor ${disk.said} watches inode ${ino} of .* by inotify`));
});

test('inotify events that nobody has read yet are not lost: the move is refused', async () => {
  const { pid, said, end } = await hold('watch-unread');
  const error = refusal([pid]);
  end();
  assert.is(error.exitCode, 3);
  assert.match(error.message, `descriptor ${said} holds inotify events that the program has not read yet`);
});

test('System V shared memory travels only with its IPC namespace', async () => {
  const own = await hold('own-system-v');
  checkDescriptors([own.pid]);
  own.end();
  const { pid, said, end } = await hold('system-v');
  const error = refusal([pid]);
  end();
  assert.is(error.exitCode, 3);
  assert.match(error.message, `has System V shared memory attached, segment ${said},`);
});

const holder = compileFixture('holder');

/** A program that holds descriptors of a kind; what it says depends on that. */
async function hold(kind: string): Promise<{ pid: number; said: number; end(): void }> {
  const child = spawn(holder, [kind], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const pid = child.pid ?? 0;
  // It says its line before it lets go of our pipe.
  while (
    readlinkSync(`/proc/${pid}/fd/2`) !== '/dev/null' ||
    readlinkSync(`/proc/${pid}/fd/1`) !== '/dev/null'
  )
    await sleep(5);
  return { pid, said: Number(line.toString()), end: () => process.kill(-pid, 'SIGKILL') };
}

/** The other program of a pipe, once it has started. */
async function readerOf(shell: number, writer: number): Promise<number> {
  for (;;) {
    const isReader = (pid: number) =>
      pid !== writer && readStat(pid)?.ppid === shell && readStat(pid)?.comm === 'sleep';
    const reader = allPids().find(isReader);
    if (reader !== undefined) return reader;
    await sleep(5);
  }
}

/** A shell script in a process group of its own, which writes a pid to stderr. */
async function start(script: string): Promise<{ shell: number; pid: number }> {
  const child = spawn('sh', ['-c', script], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
  const [line] = (await once(child.stderr, 'data')) as [Buffer];
  const pid = Number(line.toString());
  while (readStat(pid)?.comm !== 'sleep') await sleep(5);
  return { shell: child.pid ?? 0, pid };
}

test.run();
