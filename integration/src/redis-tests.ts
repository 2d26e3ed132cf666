// SPDX-License-Identifier: GPL-3.0-or-later
// npm run redis-tests: Redis's own tests, from its source package, against the server that hc-cc built.
import { copyFile, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { downloadSource } from '@h-containers/debian-packages';
import { defineCommand, runMain } from 'citty';
import { execa } from 'execa';
import { once } from './once.ts';
import { buildServer, redisMake } from './servers.ts';

/** What has most to do with how a program is compiled, and takes minutes even when it is scribbled. */
const representative = [
  'unit/type/string',
  'unit/type/incr',
  'unit/type/list',
  'unit/type/set',
  'unit/type/zset',
  'unit/type/hash',
  'unit/type/stream',
  'unit/scripting',
  'unit/functions',
  'unit/multi',
  'unit/pubsub',
  'unit/aofrw',
  'integration/aof',
  'integration/replication',
];

/** Tests that an ordinary build fails as well: Debian took them from later versions. A slash begins a pattern. */
const notOfThisVersion = [
  'RESTORE fail with invalid payload size',
  'corrupt payload: stream - duplicated consumer PEL entry',
  '/^Fullsync should not free scripting engine on a replica while a .* is running$',
];

interface Outcome {
  passed: number;
  failed: number;
  ignored: number;
  /** Units that came to their end. */
  units: string[];
  failures: string[];
}

/** The tree with the clients that the tests call, as an ordinary build makes them. */
async function testTree(): Promise<string> {
  const source = await downloadSource('redis');
  return once('redis-test-tree', [source, ...redisMake('CC')], async (folder) => {
    await cp(source, folder, { recursive: true });
    const [program = '', ...args] = redisMake('clang-19', 'redis-cli', 'redis-benchmark');
    await execa(program, args, { cwd: folder, stdin: 'ignore', maxBuffer: 1 << 28 });
    // The server's objects are not needed, its makefile's notes neither.
    for (const name of await readdir(join(folder, 'src')))
      if (/\.(o|d)$/.test(name)) await rm(join(folder, 'src', name));
  });
}

/** Other names under which the server does other work. */
const names = ['redis-server', 'redis-sentinel', 'redis-check-aof', 'redis-check-rdb'];

async function prepare(executable: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-tests-'));
  await cp(await testTree(), folder, { recursive: true });
  for (const name of names) await copyFile(executable, join(folder, 'src', name));
  return folder;
}

/** One line of the test program. */
function note(line: string, outcome: Outcome): void {
  const [, label = '', text = ''] = /^\[([^\]]*)\]:? *(.*)$/.exec(line) ?? [];
  if (label === 'ok') outcome.passed += 1;
  if (label === 'ignore') outcome.ignored += 1;
  const unit = /^\d+\/\d+ done$/.test(label) && /^\S+/.exec(text)?.[0];
  if (unit) outcome.units.push(unit);
  if (label === 'err' || label === 'exception' || label === 'TIMEOUT') {
    outcome.failed += 1;
    outcome.failures.push(text);
  }
}

async function runTests(folder: string, args: string[], env: Record<string, string>): Promise<Outcome> {
  const outcome: Outcome = { passed: 0, failed: 0, ignored: 0, units: [], failures: [] };
  const child = execa('tclsh', ['tests/test_helper.tcl', ...args], {
    cwd: folder,
    env,
    stdin: 'ignore',
    all: true,
    buffer: false,
    reject: false,
  });
  for await (const colourful of createInterface({ input: child.all })) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
    const line = colourful.replace(/\x1b\[[0-9;]*m/g, '');
    console.log(line);
    note(line, outcome);
  }
  const { exitCode, signal } = await child;
  if (exitCode !== 0 && outcome.failed === 0) {
    outcome.failed += 1;
    outcome.failures.push(`the tests ended with ${exitCode ?? signal}`);
  }
  return outcome;
}

const command = defineCommand({
  meta: { name: 'redis-tests', description: "run Redis's own tests against the server built by hc-cc" },
  args: {
    all: { type: 'boolean', description: 'all units, instead of the representative ones' },
    units: { type: 'string', valueHint: 'NAMES', description: 'for instance unit/type/list,unit/multi' },
    scribble: {
      type: 'string',
      valueHint: 'N',
      description: 'overwrite all machine state at every Nth point',
    },
    reference: { type: 'boolean', description: 'the ordinary build instead, to compare with' },
    clients: { type: 'string', default: '2', description: 'how many units run side by side' },
    json: { type: 'boolean', description: 'the last line is the result as JSON' },
  },
  async run({ args }) {
    const program = await buildServer('redis', args.scribble === undefined ? 'normal' : 'scribble');
    const executable = args.reference ? program.reference : join(program.bundle, 'x86-64/app');
    const folder = await prepare(executable);
    try {
      const units = args.units?.split(',') ?? (args.all ? [] : representative);
      const outcome = await runTests(
        folder,
        // Ports of its own, so that two runs can go side by side.
        [
          ...['--clients', args.clients, '--baseport', String(20_000 + (process.pid % 20) * 500)],
          ...units.flatMap((unit) => ['--single', unit]),
          ...notOfThisVersion.flatMap((name) => ['--skiptest', name]),
        ],
        args.scribble === undefined ? {} : { HC_SCRIBBLE: args.scribble },
      );
      for (const failure of outcome.failures) console.log(`FAILED: ${failure}`);
      const { passed, failed, ignored, units: done } = outcome;
      console.log(`${passed} passed, ${failed} failed, ${ignored} ignored, in ${done.length} units`);
      if (args.json) console.log(JSON.stringify(outcome));
      process.exitCode = failed === 0 ? 0 : 1;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
});

await runMain(command);
