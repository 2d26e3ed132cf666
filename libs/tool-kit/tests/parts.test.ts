// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  Cleanup,
  HcError,
  hostIsa,
  ISAS,
  isaOfMachine,
  machineOfIsa,
  otherIsa,
  parseInteger,
  parseIsa,
  recordMember,
  Timers,
  VERSION,
} from '../src/index.ts';

test('all tools carry the version of the repository', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  assert.is(VERSION, manifest.version);
});

test('an ISA is known by its other names, too', () => {
  assert.equal(['amd64', 'x86_64', 'x86-64', 'arm64', 'aarch64'].map(parseIsa), [
    'x86-64',
    'x86-64',
    'x86-64',
    'aarch64',
    'aarch64',
  ]);
  assert.throws(
    () => parseIsa('riscv64'),
    (error: unknown) => error instanceof HcError && error.exitCode === 2 && /riscv64/.test(error.message),
  );
});

test('e_machine names an ISA, and back', () => {
  assert.equal(ISAS.map(machineOfIsa), [62, 183]);
  assert.equal(
    ISAS.map((isa) => isaOfMachine(machineOfIsa(isa))),
    ISAS,
  );
  assert.is(isaOfMachine(3), undefined);
  assert.is(otherIsa(otherIsa(hostIsa())), hostIsa());
});

test('whole numbers are checked', () => {
  assert.is(parseInteger('--pid', '42', { min: 1 }), 42);
  for (const wrong of ['', 'x', '1.5', '0x10', '0', '1e3', '99999999999999999999'])
    assert.throws(
      () => parseInteger('--pid', wrong, { min: 1 }),
      /--pid: '.*' is not a whole number from 1 to/,
    );
});

test('a phase that runs twice adds up', () => {
  const timers = new Timers();
  timers.add('dump', 1.5);
  timers.add('dump', 2);
  timers.start('walk')();
  const ms = timers.ms();
  assert.is(ms.dump, 3.5);
  assert.equal(Object.keys(ms), ['total', 'dump', 'walk']);
});

test('two callers of the clean-up wait for the same run', async () => {
  const cleanup = new Cleanup();
  let runs = 0;
  cleanup.add(async () => {
    runs++;
  });
  assert.equal(await Promise.all([cleanup.run(), cleanup.run()]), [[], []]);
  assert.is(runs, 1);
});

test('a record with 64-bit values is valid JSON', () => {
  const { name, bytes } = recordMember({
    tool: 'hc-dump',
    version: '1',
    isa: 'aarch64',
    startedAt: '',
    ms: { total: 1 },
    address: 2n ** 40n,
  });
  assert.is(name, 'hc/hc-dump.json');
  assert.is(JSON.parse(bytes.toString()).address, '1099511627776');
});

test.run();
