// SPDX-License-Identifier: GPL-3.0-or-later
import { createServer } from 'node:net';
import { HcError } from '@h-containers/tool-kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAddresses } from '../src/addresses.ts';
import {
  type Assigned,
  addCommand,
  assignedAddresses,
  connectionLockRules,
  findAddress,
  Prepared,
  readSockets,
  removeCommand,
  run,
  shellLine,
  socketInodes,
} from '../src/index.ts';

const JSON_OF_IP = JSON.stringify([
  {
    ifname: 'lo',
    addr_info: [{ family: 'inet', local: '127.0.0.1', prefixlen: 8, scope: 'host', label: 'lo' }],
  },
  {
    ifname: 'eth1',
    addr_info: [
      { family: 'inet', local: '192.0.2.1', prefixlen: 24, broadcast: '192.0.2.255', label: 'eth1' },
      { family: 'inet', local: '192.0.2.7', prefixlen: 24, secondary: true, label: 'eth1:web' },
      { family: 'inet', local: '198.51.100.7', prefixlen: 32, label: 'eth1' },
      { family: 'inet6', local: 'fe80::1', prefixlen: 64 },
    ],
  },
]);
const all = parseAddresses(JSON_OF_IP);

function refusal(address: string, present: readonly Assigned[]): HcError {
  try {
    findAddress(address, present);
  } catch (error) {
    if (error instanceof HcError) return error;
  }
  throw new Error('not refused');
}

test('an address is taken off and put back as its interface had it', () => {
  const assigned = findAddress('192.0.2.7', all);
  assert.is(removeCommand(assigned).join(' '), 'ip address del 192.0.2.7/24 dev eth1');
  assert.is(addCommand(assigned).join(' '), 'ip address add 192.0.2.7/24 dev eth1 label eth1:web');
});

test('an address of nobody is refused with those that there are', () => {
  const { message, hint } = refusal('192.0.2.9', all);
  assert.match(message, '192.0.2.9 (--address): this machine has no such address');
  assert.match(hint ?? '', '127.0.0.1, 192.0.2.1, 192.0.2.7, 198.51.100.7');
});

test('an address that others of its network depend on is refused', () => {
  assert.is(refusal('192.0.2.1', all).exitCode, 3);
  assert.match(refusal('192.0.2.1', all).message, '192.0.2.7 would go with it');
  assert.is(findAddress('198.51.100.7', all).device, 'eth1');
});

test("this machine's addresses are read", async () => {
  assert.ok((await assignedAddresses()).some(({ address }) => address === '127.0.0.1'));
});

test('a listening socket of this process is found with its port and what waits there', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const own = new Set(socketInodes(process.pid));
  const found = readSockets(process.pid).find(({ inode, local }) => own.has(inode) && local.port === port);
  server.close();
  assert.is(found?.state, 'listening');
  assert.is(found?.local.address, '127.0.0.1');
  assert.is(found?.received, 0);
});

test('a tool that is missing is named with its package', async () => {
  try {
    await new Prepared(['arping-that-is-missing']).apply('');
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), 'arping-that-is-missing: no such program');
  }
});

test('a tool that fails is quoted', async () => {
  try {
    await run(['ip', 'address', 'del', '192.0.2.7/32', 'dev', 'nothing']);
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), /ip address del 192\.0\.2\.7\/32 dev nothing failed: .*nothing/);
  }
});

test('words survive a shell', () => {
  assert.is(shellLine(['ip', "it's"]), `'ip' 'it'\\''s'`);
});

test('the lock of connections names both ends, by family', () => {
  const v4 = { local: '127.0.0.1', localPort: 7000, remote: '192.0.2.1', remotePort: 40000 };
  const v6 = { local: '::1', localPort: 7000, remote: '::1', remotePort: 40001 };
  const rules = connectionLockRules(77, [v4, v6]);
  assert.match(rules, 'elements = { 127.0.0.1 . 7000 . 192.0.2.1 . 40000 }');
  assert.match(rules, 'elements = { ::1 . 7000 . ::1 . 40001 }');
  // What comes from the other end goes to this one.
  assert.match(rules, 'ip daddr . tcp dport . ip saddr . tcp sport @connections-ip drop');
  assert.match(rules, /^add table inet CRIU-77\ndelete table inet CRIU-77\ntable inet CRIU-77 {/);
  assert.not.match(connectionLockRules(77, [v4]), 'ip6');
});

test.run();
