// SPDX-License-Identifier: GPL-3.0-or-later
import { type SpawnOptionsWithoutStdio, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hostIsa, VERSION } from '../src/index.ts';

const SAMPLE = fileURLToPath(new URL('fixtures/sample-tool.ts', import.meta.url));

interface Result {
  code: number | null;
  out: string;
  err: string;
}

function start(args: string[], options: SpawnOptionsWithoutStdio = {}) {
  const child = spawn(process.execPath, ['--import', 'tsx', SAMPLE, ...args], options);
  const result = { out: '', err: '' };
  child.stdout.on('data', (data) => {
    result.out += data;
  });
  child.stderr.on('data', (data) => {
    result.err += data;
  });
  const done = new Promise<Result>((resolve) => child.on('close', (code) => resolve({ code, ...result })));
  return { child, done };
}

const run = (...args: string[]) => start(args).done;

test('a run that ends well exits with 0, and its record says what it did', async () => {
  const { code, out, err } = await run('done', '--to=aarch64', '-f');
  assert.is(code, 0);
  const record = JSON.parse(out);
  assert.is(record.tool, 'hc-sample');
  assert.is(record.version, VERSION);
  assert.is(record.isa, hostIsa());
  assert.equal(record.args, { to: 'aarch64', points: 'loops', force: true });
  assert.ok(record.ms.total >= record.ms.action);
  assert.is(new Date(record.startedAt).toISOString(), record.startedAt);
  assert.match(err, /^hc-sample: at work$/m);
});

test('clean-up handlers run in reverse, past one that throws, and not when they were forgotten', async () => {
  const { err } = await run('done');
  assert.match(err, /warning: first registered, last cleaned\n.*error: a handler that fails\n$/);
  assert.not.match(err, /forgotten/);
});

const USAGE: [string[], RegExp][] = [
  [['done', '--bogus'], /Unknown option '--bogus'/],
  [['done', '-x'], /Unknown option '-x'/],
  [['done', '--to'], /Option '--to <value>' argument missing/],
  [['done', '--force=yes'], /Option '-f, --force' does not take an argument/],
  [
    ['done', '--points', 'all'],
    /Invalid value for argument: --points \(all\)\. Expected one of: loops, outer/,
  ],
  [['done', 'more'], /unexpected operand 'more'/],
  [[], /Missing required positional argument: ACTION/],
  [['stream'], /standard output is a terminal/],
];

for (const [args, pattern] of USAGE) {
  test(`wrong usage (${args.join(' ') || 'nothing'}) exits with 2`, async () => {
    const { code, err, out } = await run(...args);
    assert.is(code, 2);
    assert.match(err, pattern);
    assert.is(out, '');
  });
}

test('--help is a manual page of at most 80 columns on stdout', async () => {
  const { code, out, err } = await run('--help');
  assert.is(code, 0);
  assert.is(err, '');
  const titles = out.split('\n').filter((line) => /^[A-Z][A-Z ]+$/.test(line));
  assert.equal(titles, ['NAME', 'SYNOPSIS', 'DESCRIPTION', 'OPERANDS', 'OPTIONS', 'EXIT STATUS', 'EXAMPLES']);
  assert.match(out, /-f, --force\n/);
  assert.match(out, /--points loops\|outer\n.*default: loops/);
  assert.match(out, / 3 {5}the process can't be moved/);
  assert.ok(out.split('\n').every((line) => line.length <= 80));
});

test('--version', async () => assert.equal((await run('--version')).out, `hc-sample ${VERSION}\n`));

test('--json makes every message one object', async () => {
  const { code, err } = await run('refuse', '--json');
  assert.is(code, 3);
  const messages = err
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(messages[0], {
    tool: 'hc-sample',
    level: 'progress',
    message: 'at work',
    action: 'refuse',
    address: '9223372036854775808',
  });
  assert.equal(messages[1], {
    tool: 'hc-sample',
    level: 'error',
    message: 'process 7: uses io_uring',
    exitCode: 3,
    hint: 'stop it first',
  });
});

test('--quiet leaves warnings and errors', async () => {
  const { code, err } = await run('refuse', '--quiet');
  assert.is(code, 3);
  assert.not.match(err, /at work/);
  assert.match(err, /error: process 7: uses io_uring\nhc-sample: hint: stop it first\n/);
});

test('an unforeseen error is one line without a stack', async () => {
  const { code, err } = await run('fail', '--quiet');
  assert.is(code, 1);
  assert.match(err, /^hc-sample: error: unforeseen\n/);
  assert.not.match(err, /at .*sample-tool/);
});

test('a full disk is explained', async () => {
  const { code, err } = await run('full-disk', '--quiet');
  assert.is(code, 1);
  assert.match(err, /error: \/tmp\/images: no space left on the device\n.*hint: free some space/);
});

for (const [signal, expected] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} cleans up and exits with ${expected}`, async () => {
    const { child, done } = start(['wait']);
    child.stderr.once('data', () => child.kill(signal));
    const { code, err } = await done;
    assert.is(code, expected);
    assert.match(err, new RegExp(`interrupted by ${signal}`));
    assert.match(err, /last cleaned/);
  });
}

test('nothing of a long output is lost when its reader is slow', async () => {
  const { child, done } = start(['print']);
  child.stdout.pause();
  setTimeout(() => child.stdout.resume(), 1500);
  const { code, out } = await done;
  assert.is(code, 0);
  assert.ok(out.startsWith('x'.repeat(5_000_000)));
  assert.ok(out.endsWith('}'));
});

test('a reader that goes away ends the tool with 1, cleaned up', async () => {
  const { child, done } = start(['flood']);
  child.stdout.once('data', () => child.stdout.destroy());
  const { code, err } = await done;
  assert.is(code, 1);
  assert.match(err, /standard output: the reader went away/);
  assert.match(err, /last cleaned/);
});

test.run();
