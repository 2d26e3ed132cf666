// SPDX-License-Identifier: GPL-3.0-or-later
// A server moves between the guests with its address while its clients, on a third host, talk to it: they keep their
// connections, begin others, and every answer is right. Moves that fail in between must not be noticed either.
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildProgram, cProgram, type Program } from '../src/build.ts';
import { type ClientHost, clientHost } from '../src/client-host.ts';
import type { ExecResult, Guest } from '../src/guest.ts';
import type { Guests } from '../src/guests.ts';
import type { Hop } from '../src/move.ts';
import { installBundle, Job } from '../src/scenario.ts';
import { guests } from './pair.ts';

const ADDRESS = '10.77.0.50';
const PORT = '7000';
const CONNECTIONS = '8';

interface Talk {
  replies: number;
  connections: number;
  wrong: number;
  lost: number;
  resets: number;
  longestMs: number;
}

interface Context {
  pair: Guests;
  host: ClientHost;
  job: Job;
  talk: { end(): Promise<Talk> };
}

const test = suite<Context>('connections');

const server = async (name: string): Promise<Program> =>
  buildProgram(await cProgram(fileURLToPath(new URL(`../servers/${name}.c`, import.meta.url))));

test.before(async (context) => {
  const pair = await guests();
  const [echo, talk] = await Promise.all([server('echo'), server('talk')]);
  await installBundle(pair, talk);
  const host = await clientHost(pair);
  const addresses = { names: [ADDRESS], devices: host.devices };
  const job = new Job(pair, { name: 'echo', program: echo, args: [ADDRESS, PORT], addresses, outputs: [] });
  await job.start();
  await job.waitForLines('listening', 1);
  Object.assign(context, { pair, host, job, talk: talkFrom(host) });
});

test.after(async ({ job }) => {
  await job?.remove();
});

/** Clients that talk until `end`. */
function talkFrom(host: ClientHost): { end(): Promise<Talk> } {
  const command = host.command(`/work/programs/talk/x86-64/app ${ADDRESS} ${PORT} ${CONNECTIONS}`);
  const child = host.guest.spawn(command, { stdin: 'pipe' });
  return {
    async end() {
      child.stdin.end();
      const { stdout, stderr, exitCode } = await child;
      assert.is(exitCode, 0, stderr);
      if (stderr) console.error(stderr);
      return JSON.parse(stdout) as Talk;
    },
  };
}

function tell({ from, to, downMs, totalMs, stages }: Hop): void {
  const phases = stages.map(({ tool, ms }) => `${tool} ${JSON.stringify(ms)}`);
  console.error(
    `${from} -> ${to}: ${Math.round(downMs)} ms down of ${Math.round(totalMs)}: ${phases.join(', ')}`,
  );
}

async function hops({ job }: Context, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 1) {
    await sleep(1000);
    tell(await job.hop());
  }
}

const run = (guest: Guest, command: string): Promise<ExecResult> =>
  guest.exec(`set -o pipefail; ${command}`, { timeoutMs: 300_000 });

const FILES = '--files /work/jobs/echo/run';
const DUMP = `hc-dump ${FILES} --address ${ADDRESS}`;
const TO_ARM = 'hc-xform --to aarch64 --bundles /work/programs';
// With its path: rsh, unlike ssh, gives a command init's PATH.
const RESTORE = `/usr/local/bin/hc-restore ${FILES}`;

/** Nothing of a move that failed is left: the address and the server are where they were, and no lock is on. */
async function isUnharmed({ pair, job }: Context): Promise<void> {
  for (const guest of [pair.x86, pair.arm]) assert.is(await guest.run('nft list tables'), '');
  assert.match(await pair.x86.run('/sbin/ip -br address show dev br0'), `${ADDRESS}/24`);
  assert.not.match(await pair.arm.run('/sbin/ip -br address'), ADDRESS);
  assert.is(await pair.x86.run(`grep -c 'State:.[RS]' /proc/${job.pid}/status`), '1');
}

test('a server moves to and fro', (context) => hops(context, 2));

test('without --address the destination refuses, and names what is missing', async (context) => {
  const { x86 } = context.pair;
  const pipeline = `hc-notify ${context.job.pid} | hc-dump ${FILES} | ${TO_ARM} | rsh aarch64 ${RESTORE}`;
  const { code, stderr } = await run(x86, pipeline);
  assert.is(code, 1, stderr);
  assert.match(
    stderr,
    /the connection 10\.77\.0\.50:7000 - 10\.77\.0\.9:\d+ needs the address 10\.77\.0\.50/,
  );
  await isUnharmed(context);
});

test('the destination puts no address on that nobody has allowed', async (context) => {
  const { x86 } = context.pair;
  const pipeline = `hc-notify ${context.job.pid} | ${DUMP} | ${TO_ARM} | rsh aarch64 ${RESTORE}`;
  const { code, stderr } = await run(x86, pipeline);
  assert.is(code, 1, stderr);
  assert.match(stderr, 'brings the address 10.77.0.50 along, but it may not be put on here');
  await isUnharmed(context);
});

test('an address that the destination has already', async (context) => {
  const { x86, arm } = context.pair;
  // It must not answer for it, or the clients would go there.
  await arm.run(`echo 1 >/proc/sys/net/ipv4/conf/all/arp_ignore; /sbin/ip address add ${ADDRESS}/32 dev lo`);
  const pipeline = `hc-notify ${context.job.pid} | ${DUMP} | ${TO_ARM} | rsh aarch64 ${RESTORE} --address ${ADDRESS}=eth1`;
  const { code, stderr } = await run(x86, pipeline);
  await arm.run(`/sbin/ip address del ${ADDRESS}/32 dev lo; echo 0 >/proc/sys/net/ipv4/conf/all/arp_ignore`);
  assert.is(code, 1, stderr);
  assert.match(stderr, 'the address 10.77.0.50 is in use here already, on lo');
  await isUnharmed(context);
});

/** CRIU, but late, and then in vain: the address has arrived by then. */
const FAILING_CRIU = `#!/bin/sh
[ "$1" = restore ] || exec criu "$@"
/sbin/ip -br address show dev eth1 >/work/address; nft list tables >/work/tables; exit 1
`;

test('a destination that fails when it has the address already', async (context) => {
  const { x86, arm } = context.pair;
  await arm.write('/work/failing-criu', FAILING_CRIU, '755');
  const options = `--address ${ADDRESS}=eth1 --criu /work/failing-criu`;
  const pipeline = `hc-notify ${context.job.pid} | ${DUMP} | ${TO_ARM} | rsh aarch64 ${RESTORE} ${options}`;
  const { code, stderr } = await run(x86, pipeline);
  assert.is(code, 1, stderr);
  assert.match(await arm.run('cat /work/address'), `${ADDRESS}/24`);
  assert.match(await arm.run('cat /work/tables'), `inet hc-${context.job.pid}`);
  await isUnharmed(context);
});

test('hc-dump is killed when the address has left: CRIU and its script put everything back', async (context) => {
  const { x86 } = context.pair;
  const pipeline = `hc-notify ${context.job.pid} | ${DUMP} | { head -c 400000 >/dev/null; sleep 300; }`;
  const moving = run(x86, pipeline);
  await x86.run(`while /sbin/ip -br address show dev br0 | grep -q ${ADDRESS}; do usleep 50000; done`, {
    timeoutMs: 120_000,
  });
  await x86.run(`kill -KILL $(ps | awk '/node .*hc-dump/ && !/awk/ {print $1}')`);
  await x86.run(
    `while grep -q 'State:.t' /proc/${context.job.pid}/status; do usleep 50000; done; killall sleep`,
  );
  const { stderr } = await moving;
  assert.match(stderr, `hc-notify: running on: ${context.job.pid}`);
  await x86.run('rm -rf /tmp/hc-dump-*');
  await isUnharmed(context);
});

test('after all of that it moves again', (context) => hops(context, 2));

test('the clients have noticed nothing but pauses', async ({ talk }) => {
  await sleep(1000);
  const { replies, connections, wrong, lost, resets, longestMs } = await talk.end();
  console.error(`${replies} replies on ${connections} connections, the longest after ${longestMs} ms`);
  assert.equal({ wrong, lost, resets }, { wrong: 0, lost: 0, resets: 0 });
  assert.ok(replies > 500 && connections > 30, `${replies} replies, ${connections} connections`);
});

test.run();
