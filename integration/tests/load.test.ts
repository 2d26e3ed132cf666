// SPDX-License-Identifier: GPL-3.0-or-later
// The load clients find nothing wrong with the ordinary builds of the servers, and find everything that is done to replies.
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleLoadClient } from '../src/load/bundle.ts';
import { LoadClient } from '../src/load/orders.ts';
import { type Result, Tally } from '../src/load/tally.ts';
import { type LocalServer, startHere } from '../src/local-server.ts';
import { buildReference, type ServerName, servers } from '../src/servers.ts';
import { type Fault, faultyLink } from './faulty-link.ts';

const test = suite('load clients');
const script = await bundleLoadClient();
const running = new Map<ServerName, LocalServer>();

async function portOf(name: ServerName): Promise<number> {
  const server = running.get(name) ?? (await startHere(name, [await buildReference(name)]));
  running.set(name, server);
  return server.port;
}

test.after(async () => {
  for (const server of running.values()) await server.stop();
});

function startClient(name: ServerName, port: number, ...more: string[]) {
  const options = ['--port', String(port), '--connections', '4', '--patience', '2', '--json', ...more];
  return execa('node', [script, name, ...options], { stderr: 'ignore', reject: false });
}

async function loadFor(name: ServerName, port: number, seconds: number): Promise<Result> {
  const { stdout } = await startClient(name, port, '--seconds', String(seconds));
  return JSON.parse(stdout.split('\n').at(-1) ?? '');
}

async function loadThrough(name: ServerName, fault: Fault): Promise<Result> {
  const link = await faultyLink(await portOf(name), fault);
  try {
    return await loadFor(name, link.port, 2);
  } finally {
    link.close();
  }
}

/** Lets some bytes pass, then changes a byte that stands for data. */
function damageOnce(pattern: RegExp): Fault {
  let passed = 0;
  let done = false;
  return (bytes) => {
    passed += bytes.length;
    const at = done || passed < 20_000 ? -1 : bytes.toString('latin1').search(pattern);
    if (at < 0) return bytes;
    done = true;
    const copy = Buffer.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  };
}

for (const name of Object.keys(servers) as ServerName[]) {
  test(`${name}: all replies of an ordinary build are right`, async () => {
    const result = await loadFor(name, await portOf(name), 2);
    assert.equal([result.lost, result.wrong, result.resets, result.complaints], [0, 0, 0, []]);
    assert.ok(result.replies > 200, `${result.replies} replies`);
  });

  test(`${name}: a connection that breaks is a reset, and its requests are lost`, async () => {
    let passed = 0;
    const result = await loadThrough(name, (bytes) => {
      passed += 1;
      return passed === 100 ? undefined : bytes;
    });
    assert.is(result.resets, 1);
    assert.ok(result.lost > 0);
    assert.is(result.wrong, 0);
  });

  test(`${name}: replies that never come are lost`, async () => {
    let passed = 0;
    const result = await loadThrough(name, (bytes) => {
      passed += 1;
      return passed > 100 ? Buffer.alloc(0) : bytes;
    });
    assert.ok(result.lost > 0);
  });
}

test('redis: one changed byte of a value is a wrong reply', async () => {
  const result = await loadThrough('redis', damageOnce(/(?<=:member)\d|(?<=message )\d/));
  assert.ok(result.wrong > 0);
});

// What stands in an error page is the server's business.
test('nginx: one changed byte of a file is a wrong reply', async () => {
  const result = await loadThrough(
    'nginx',
    damageOnce(/(?<=^HTTP\/1\.1 20\d [\s\S]*\r\n\r\n[\s\S]{50})[\s\S]/),
  );
  assert.ok(result.wrong > 0);
});

test('memcached: one changed byte of a value is a wrong reply', async () => {
  const result = await loadThrough('memcached', damageOnce(/(?<=VALUE [^\r]*\r\n)[\s\S]/));
  assert.ok(result.wrong > 0);
});

test('redis: a paused load changes nothing, and data survives a way through files', async () => {
  const child = startClient('redis', await portOf('redis'));
  const client = await LoadClient.start(child);
  assert.is(await client.order('pause'), true);
  const digest = await client.order('digest');
  assert.match(String(digest), /^[0-9a-f]{40}$/);
  assert.is(await client.order('reload'), 'OK');
  assert.is(await client.order('digest'), digest);
  await client.order('resume');
  for (const word of ['bgsave', 'bgrewriteaof']) {
    const { status } = (await client.order(word)) as { status: string };
    assert.is(status, 'ok');
  }
  const result = await client.finish();
  assert.equal([result.lost, result.wrong, result.resets], [0, 0, 0]);
  await child;
});

test('a time without any reply is a pause, and waiting for others is none', async () => {
  const tally = new Tally(50);
  tally.sent();
  await new Promise((resolve) => setTimeout(resolve, 80));
  tally.reply(80, undefined);
  const { pausesMs, longestPauseMs } = tally.result();
  assert.is(pausesMs.length, 1);
  assert.is(longestPauseMs, 80);
});

test.run();
