// SPDX-License-Identifier: GPL-3.0-or-later
// What happens around CRIU. Real dumps are made in the guests: integration/.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
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
const tool = (name: string) =>
  `node --import tsx ${fileURLToPath(new URL(`../../${name}/src/cli.ts`, import.meta.url))}`;

async function withParker(args: string[], work: (pid: number, dir: string) => Promise<void>) {
  const child = await startFixture(parker, args);
  const dir = mkdtempSync(join(tmpdir(), 'hc-'));
  try {
    await work(child.pid, dir);
  } finally {
    stop(child);
    rmSync(dir, { recursive: true });
  }
}

const pipeline = (pid: number, options: string, env = {}) =>
  execa(
    'bash',
    ['-c', `set -o pipefail; ${tool('hc-notify')} ${pid} | ${tool('hc-dump')} ${options} | cat >/dev/null`],
    { reject: false, env },
  );

function runsOn(pid: number) {
  const state = parking(identify(pid));
  assert.is(state?.control.request, 0);
  assert.is(state?.control.parked, 0);
}

test('a CRIU that fails: its exit status is told, the source runs on, no images stay behind', () =>
  withParker(['threads=2', 'sleep'], async (pid, dir) => {
    const { exitCode, stderr } = await pipeline(pid, `--criu ${fakeCriu(dir, 'exit 1')} --work-dir ${dir}`);
    assert.is(exitCode, 1);
    assert.match(stderr, 'criu dump failed with 1');
    assert.match(stderr, `running on here: ${pid}`);
    runsOn(pid);
    assert.equal(readdirSync(dir), ['criu']);
  }));

test("the decisive lines of CRIU's log are quoted", () =>
  withParker([], async (pid, dir) => {
    const log = '(00.1) Error (criu/files-reg.c:1): Can not lookup the ghost file';
    const script = `for a; do case $a in --images-dir=*) echo '${log}' >"\${a#*=}/dump.log";; esac; done; exit 1`;
    const { stderr } = await pipeline(pid, `--criu ${fakeCriu(dir, script)}`);
    assert.match(stderr, /criu dump failed:\n {2}Can not lookup the ghost file/);
    runsOn(pid);
  }));

test('a CRIU that is not there', () =>
  withParker([], async (pid) => {
    const { exitCode, stderr } = await pipeline(pid, '--criu /nonexistent/criu');
    assert.is(exitCode, 1);
    assert.match(stderr, 'apt-get install criu');
    runsOn(pid);
  }));

test('a work directory that is not there', () =>
  withParker([], async (pid, dir) => {
    const criu = fakeCriu(dir, 'exit 1');
    const { exitCode, stderr } = await pipeline(pid, `--criu ${criu} --work-dir /nonexistent`);
    assert.is(exitCode, 1);
    assert.match(stderr, '/nonexistent (--work-dir): no such file or directory');
    runsOn(pid);
  }));

test('hc-dump killed while CRIU runs: the source runs on once CRIU is done', () =>
  withParker(['sleep'], async (pid, dir) => {
    const criu = fakeCriu(dir, `echo $PPID >${dir}/dumper; sleep 1`);
    const run = pipeline(pid, `--criu ${criu}`);
    while (!existsSync(join(dir, 'dumper'))) await sleep(20);
    await sleep(50);
    await execa('bash', ['-c', `kill -KILL $(cat ${dir}/dumper)`]);
    assert.is((await run).exitCode, 137);
    runsOn(pid);
  }));

test('Ctrl-C while CRIU runs: CRIU is waited for, then the source runs on', () =>
  withParker(['sleep'], async (pid, dir) => {
    const criu = fakeCriu(dir, `echo $PPID >${dir}/dumper; sleep 1; touch ${dir}/done`);
    const run = pipeline(pid, `--criu ${criu}`);
    while (!existsSync(join(dir, 'dumper'))) await sleep(20);
    await sleep(50);
    await execa('bash', ['-c', `kill -INT $(cat ${dir}/dumper)`]);
    const { exitCode, stderr } = await run;
    assert.is(exitCode, 130);
    assert.ok(existsSync(join(dir, 'done')));
    assert.match(stderr, `running on here: ${pid}`);
    runsOn(pid);
  }));

test('a process that nobody has parked is refused', () =>
  withParker([], async (pid, dir) => {
    const options = `--criu ${fakeCriu(dir, 'exit 1')} --pid ${pid}`;
    const script = `set -o pipefail; ${tool('hc-dump')} ${options} | cat`;
    const { exitCode, stderr } = await execa('bash', ['-c', script], { reject: false });
    assert.is(exitCode, 3);
    assert.match(stderr, 'is not parked');
    runsOn(pid);
  }));

test('an empty or foreign stdin is an error that names hc-notify', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'hc-'));
  const dump = `${tool('hc-dump')} --criu ${fakeCriu(dir, 'exit 1')}`;
  const empty = await execa('bash', ['-c', `${dump} </dev/null >/dev/null`], { reject: false });
  assert.is(empty.exitCode, 1);
  assert.match(empty.stderr, 'is empty');
  writeFileSync(join(dir, 'core-1.img'), 'x');
  const script = `tar c -C ${dir} core-1.img | ${dump} >/dev/null`;
  const foreign = await execa('bash', ['-c', script], { reject: false });
  assert.is(foreign.exitCode, 1);
  assert.match(foreign.stderr, 'hc-notify PID | hc-dump');
  rmSync(dir, { recursive: true });
});

/** A program in CRIU's place that does what CRIU would at that moment, and no more. */
function fakeCriu(dir: string, script: string): string {
  const path = join(dir, 'criu');
  writeFileSync(path, `#!/bin/sh\n[ "$1" = --version ] && { echo Version: 0; exit; }\n${script}\n`, {
    mode: 0o755,
  });
  return path;
}

test.run();
