// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever goes wrong on a move: a clear message, the right exit code, and the process runs on where it was.

import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildProgram, cProgram } from '../src/build.ts';
import type { ExecResult, Guest } from '../src/guest.ts';
import { guests } from './pair.ts';

const PROGRAM = '/work/counter';
const COUNT = '/work/counting/count';
const TO_ARM = `hc-xform --to aarch64 --bundles /work`;

interface Context {
  x86: Guest;
  arm: Guest;
  pid: number;
}

const test = suite<Context>('failing moves');

test.before(async (context) => {
  const { x86, arm } = await guests();
  const { bundle } = await buildProgram(
    await cProgram(fileURLToPath(new URL('fixtures/counter.c', import.meta.url))),
  );
  await Promise.all([x86, arm].map((guest) => guest.put(bundle, PROGRAM)));
  await x86.run(`mkdir -p /work/counting`);
  const start = `setsid ${PROGRAM}/x86-64/app ${COUNT} </dev/null >/dev/null 2>&1 & echo $!`;
  Object.assign(context, { x86, arm, pid: Number(await x86.run(start)) });
});

test.after(async ({ x86, pid }) => {
  await x86?.exec(`kill -9 ${pid}`);
});

/** It counts, and nobody has asked it to park. */
test.after.each(async ({ x86, arm, pid }) => {
  const counts = await x86.run(
    `tail -n1 ${COUNT}; sleep 1; tail -n1 ${COUNT}; grep State /proc/${pid}/status`,
  );
  const [before, after, state] = counts.split('\n');
  assert.ok(Number(after) > Number(before), `the source does not run on: ${counts}`);
  assert.not.match(state ?? '', /stop/);
  // Nor has anything been left behind.
  for (const guest of [x86, arm]) assert.is(await guest.run('ls -d /tmp/hc-* 2>/dev/null | wc -l'), '0');
});

/** The pipeline's exit code is that of its last tool that failed. */
const run = (guest: Guest, command: string): Promise<ExecResult> =>
  guest.exec(`set -o pipefail; ${command}`, { timeoutMs: 300_000 });

/** Begins a command and goes on; the result comes later. */
async function begin(guest: Guest, command: string): Promise<{ result: Promise<ExecResult> }> {
  return { result: run(guest, command) };
}

async function until(guest: Guest, condition: string): Promise<void> {
  await guest.run(`until ${condition}; do usleep 50000; done`, { timeoutMs: 120_000 });
}

/** Sends a signal to our tools by name; the shell that runs the pipeline has the name in its arguments as well. */
const signal = (guest: Guest, name: string, ...tools: string[]) =>
  guest.run(`kill -${name} $(ps | awk '/node .*(${tools.join('|')})/ && !/awk/ {print $1}')`);

/** Dumped, and held by CRIU until hc-dump knows what becomes of it. */
const stopped = (pid: number) => `{ grep -q 'State:.t' /proc/${pid}/status && pidof hand-over >/dev/null; }`;

/** A reader that takes what begins a stream, and then no more: the source stands still. */
const STALL = '{ head -c 400000 >/dev/null; sleep 300; }';

/** Ends that reader, as soon as it has got that far. */
const RELEASED = 'killall sleep 2>/dev/null';

test('the reader breaks off in the middle', async ({ x86, pid }) => {
  const { code, stderr } = await run(x86, `hc-notify ${pid} | hc-dump | head -c 1000000 >/dev/null`);
  assert.is(code, 1);
  assert.match(stderr, 'the reader went away before the end');
  assert.match(stderr, `running on here: ${pid}`);
});

test('hc-dump is killed with the source stopped: hc-notify has it run on', async ({ x86, pid }) => {
  const { result } = await begin(x86, `hc-notify ${pid} | hc-dump | ${STALL}`);
  await until(x86, stopped(pid));
  await signal(x86, 'KILL', 'hc-dump');
  await until(x86, `! ${stopped(pid)}`);
  await until(x86, RELEASED);
  const { stderr } = await result;
  assert.match(stderr, `hc-notify: running on: ${pid}`);
  await x86.run('rm -rf /tmp/hc-dump-*');
});

test('Ctrl-C with the source stopped', async ({ x86, pid }) => {
  const { result } = await begin(x86, `hc-notify ${pid} | hc-dump | ${STALL}`);
  await until(x86, stopped(pid));
  await signal(x86, 'INT', 'hc-notify', 'hc-dump');
  await until(x86, `! ${stopped(pid)}`);
  await until(x86, RELEASED);
  const { stderr } = await result;
  assert.match(stderr, 'hc-dump: error: interrupted by SIGINT');
});

test('hc-notify is killed, and then the reader', async ({ x86, pid }) => {
  const { result } = await begin(x86, `hc-notify ${pid} | hc-dump | ${STALL}`);
  await until(x86, stopped(pid));
  await signal(x86, 'KILL', 'hc-notify');
  await sleep(500);
  await until(x86, RELEASED);
  const { stderr } = await result;
  assert.match(stderr, `hc-dump: running on here: ${pid}`);
});

test('a transform that is killed', async ({ x86, pid }) => {
  const { result } = await begin(x86, `hc-notify ${pid} | hc-dump | ${TO_ARM} | ${STALL}`);
  await until(x86, stopped(pid));
  await signal(x86, 'KILL', 'hc-xform');
  await until(x86, `! ${stopped(pid)}`);
  await until(x86, RELEASED);
  await result;
});

test('no bundle for the transform: exit code 3', async ({ x86, pid }) => {
  const script = `mv ${PROGRAM}/manifest.json /tmp; hc-notify ${pid} | hc-dump | ${TO_ARM} >/dev/null; code=$?;
    mv /tmp/manifest.json ${PROGRAM}; exit $code`;
  const { code, stderr } = await run(x86, script);
  assert.is(code, 3);
  assert.match(stderr, 'no bundle with build-id');
});

test('an eventfd that CRIU would make another one: exit code 3, and the program runs on', async ({ x86 }) => {
  const path = fileURLToPath(new URL('fixtures/semaphore.c', import.meta.url));
  const { bundle } = await buildProgram(await cProgram(path));
  await x86.put(bundle, '/work/semaphore');
  const pid = await x86.run('setsid /work/semaphore/x86-64/app </dev/null >/dev/null 2>&1 & echo $!');
  const { code, stderr } = await run(x86, `hc-notify ${pid} | hc-dump | ${TO_ARM} >/dev/null`);
  assert.is(code, 3, stderr);
  assert.match(stderr, 'an eventfd was made with EFD_SEMAPHORE, which CRIU does not carry');
  assert.match(await x86.run(`kill -0 ${pid} && grep State /proc/${pid}/status; kill -9 ${pid}`), /[RS] \(/);
});

test('a work directory on a full disk', async ({ x86, pid }) => {
  await x86.run('mkdir -p /work/small && mount -t tmpfs -o size=2m small /work/small');
  const { code, stderr } = await run(
    x86,
    `hc-notify ${pid} | hc-dump --work-dir /work/small | cat >/dev/null`,
  );
  await x86.run('umount /work/small');
  assert.is(code, 1);
  assert.match(stderr, '2 MiB free, but the images may take');
});

/** Failures at the destination; prepare and repair run there. */
const DESTINATIONS: Record<
  string,
  { prepare: string; repair: string; options?: string; code: number; message: RegExp }
> = {
  'files of the process are missing': {
    prepare: `rm -rf ${COUNT}`,
    repair: 'true',
    code: 1,
    message: /\/work\/counting\/count: no such file/,
  },
  'a file of another size': {
    prepare: `mkdir -p /work/counting; echo other > ${COUNT}`,
    repair: `rm ${COUNT}`,
    code: 1,
    message: /\/work\/counting\/count: 6 bytes, dumped with \d+/,
  },
  'no executable': {
    prepare: `mv ${PROGRAM}/aarch64/app /tmp/app`,
    repair: `mv /tmp/app ${PROGRAM}/aarch64/app`,
    code: 1,
    message: /its executable \/work\/counter\/aarch64\/app: no such file/,
  },
  'another program in its place': {
    prepare: `mv ${PROGRAM}/aarch64/app /tmp/app; cp /bin/busybox ${PROGRAM}/aarch64/app`,
    repair: `mv /tmp/app ${PROGRAM}/aarch64/app`,
    code: 1,
    message: /is another program: build-id/,
  },
  'a full disk': {
    prepare: 'mkdir -p /work/small && mount -t tmpfs -o size=1m small /work/small',
    repair: 'umount /work/small',
    options: '--work-dir /work/small',
    code: 1,
    message: /no space left on the device/,
  },
  'a CRIU that is not there': {
    prepare: 'true',
    repair: 'true',
    options: '--criu /nonexistent/criu',
    code: 1,
    message: /apt-get install criu/,
  },
  'files that nobody has allowed': {
    prepare: 'true',
    repair: 'true',
    options: '--files /work/elsewhere',
    code: 1,
    message: /\/work\/elsewhere \(--files\): no such file/,
  },
};

for (const [name, { prepare, repair, options = '', code: expected, message }] of Object.entries(DESTINATIONS))
  test(`at the destination: ${name}`, async ({ x86, arm, pid }) => {
    await arm.run(prepare);
    const carried = options.startsWith('--files') ? '--files /work/counting' : '';
    const { code, stderr } = await run(
      x86,
      `hc-notify ${pid} | hc-dump ${carried} | ${TO_ARM} | rsh aarch64 "hc-restore ${options}"`,
    );
    await arm.run(repair);
    assert.is(code, expected, stderr);
    assert.match(stderr, message);
    assert.match(stderr, namesSource(pid));
    assert.is(await arm.run(`pidof app || true`), '');
  });

/**
 * hc-dump says it; or hc-notify, when the destination failed so early that hc-dump had nothing in hand yet.
 */
const namesSource = (pid: number) => new RegExp(`running on(?: here)?: ${pid}$`, 'm');

/** CRIU, but late: so that something can happen before it. */
const LATE_CRIU = `#!/bin/sh\n[ "$1" = restore ] && { touch /work/criu-runs; sleep 3; }\nexec criu "$@"\n`;
const CARRYING = (pid: number, options: string) =>
  `hc-notify ${pid} | hc-dump --files /work/counting | ${TO_ARM} | rsh aarch64 "hc-restore --files /work/counting ${options}"`;

test('at the destination: the pid is in use', async ({ x86, arm, pid }) => {
  const lastPid = '/proc/sys/kernel/ns_last_pid';
  const before = await arm.run(`cat ${lastPid}`);
  await arm.run(`echo ${pid - 1} > ${lastPid}; sleep 300 >/dev/null 2>&1 & [ $! = ${pid} ]`);
  const { code, stderr } = await run(x86, CARRYING(pid, ''));
  await arm.run('killall sleep; rm -f /work/counting/count');
  // Else all that starts here from now on takes pids of the other guest.
  await arm.run(`echo ${before} > ${lastPid}`);
  assert.is(code, 1);
  assert.match(
    stderr,
    new RegExp(`its pid ${pid} is in use here by process ${pid} \\(.*(sleep|busybox)`),
    stderr,
  );
});

test('hc-restore is interrupted while CRIU restores: nothing is left behind', async ({ x86, arm, pid }) => {
  await arm.write('/work/late-criu', LATE_CRIU, '755');
  await arm.run('mkdir -p /work/counting; rm -f /work/criu-runs');
  const { result } = await begin(x86, CARRYING(pid, '--criu /work/late-criu'));
  await until(arm, '[ -e /work/criu-runs ]');
  await signal(arm, 'INT', 'hc-restore');
  const { code, stderr } = await result;
  assert.is(code, 130, stderr);
  assert.is(await arm.run('pidof app || true'), '');
});

test('dumped on a kernel with other pages: exit code 3', async ({ x86, pid }) => {
  const script = `rm -rf /tmp/copy; hc-notify ${pid} | hc-dump --leave-running --out /tmp/copy &&
    sed -i 's/"pageSize":4096/"pageSize":65536/' /tmp/copy/hc/hc-dump.json && hc-restore --in /tmp/copy`;
  const { code, stderr } = await run(x86, script);
  assert.is(code, 3);
  assert.match(stderr, 'pages of 65536 bytes, this kernel has pages of 4096');
});

test('a stream that was cut off', async ({ x86, pid }) => {
  const script = `tar c -C /tmp/copy . | head -c 300000 | hc-restore`;
  const { code, stderr } = await run(x86, script);
  assert.is(code, 1);
  assert.match(stderr, 'before the end of the archive');
  assert.ok(pid > 0);
});

test('after all of that it moves', async ({ x86, arm, pid }) => {
  const there = await run(x86, CARRYING(pid, ''));
  assert.is(there.code, 0, there.stderr);
  await x86.exec('rm -rf /tmp/copy');
  assert.is(await x86.run('pidof app || true'), '');
  const back = CARRYING(pid, '').replace('--to aarch64', '--to x86-64').replace('rsh aarch64', 'ssh x86-64');
  const result = await run(arm, back);
  assert.is(result.code, 0, result.stderr);
  const count = (await x86.read(COUNT)).toString().trimEnd().split('\n');
  assert.equal(
    count,
    count.map((_, index) => String(index + 1)),
  );
});

test.run();
