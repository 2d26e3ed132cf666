// SPDX-License-Identifier: GPL-3.0-or-later
// What goes wrong around the tool: the reader goes away, the disk is full, Ctrl-C.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { CLI, makeWorld, removeWorld, type World } from './world.ts';

const test = suite<{ world: World }>('trouble');
test.before.each((context) => {
  // More than pipes hold.
  context.world = makeWorld('aarch64', { heapPages: 300 });
});
test.after.each(({ world }) => removeWorld(world));

const TOOL = `${process.execPath} --import tsx ${CLI}`;
const shell = (script: string, dir: string) =>
  execa('bash', ['-c', `set -o pipefail; ${script}`], {
    reject: false,
    env: { HC_BUNDLES: join(dir, 'bundles') },
  });

test('a reader that goes away: exit code 1, and it is said', async ({ world: { dir } }) => {
  const { exitCode, stderr } = await shell(
    `${TOOL} --to x86-64 --in ${dir}/images | head -c 300000 >/dev/null`,
    dir,
  );
  assert.is(exitCode, 1);
  assert.match(stderr, 'hc-xform: error: standard output: the reader went away before the end');
});

test('a full disk: exit code 1, and it is said', async ({ world: { dir } }) => {
  const { exitCode, stderr } = await shell(`${TOOL} --to x86-64 --in ${dir}/images >/dev/full`, dir);
  assert.is(exitCode, 1);
  assert.match(stderr, 'hc-xform: error: standard output: no space left on the device');
});

test('Ctrl-C in the middle: exit code 130, and no half directory', async ({ world: { dir } }) => {
  const args = ['--import', 'tsx', CLI, '--to', 'x86-64', '--out', join(dir, 'out')];
  const child = execa(process.execPath, args, {
    reject: false,
    stdin: 'pipe',
    env: { HC_BUNDLES: join(dir, 'bundles') },
  });
  const { stdout } = await execa('tar', ['c', '-C', join(dir, 'images'), '.'], { encoding: 'buffer' });
  child.stdin?.write(stdout.subarray(0, 700_000));
  for (let i = 0; i < 100 && !readdirSync(dir).some((name) => name.includes('partial')); i++)
    await sleep(100);
  child.kill('SIGINT');
  const { exitCode, stderr } = await child;
  assert.is(exitCode, 130, stderr);
  assert.is(existsSync(join(dir, 'out')), false);
  assert.equal(readdirSync(dir).sort(), ['bundles', 'images']);
});

test('a terminal is refused as output', async ({ world: { dir } }) => {
  const { exitCode, stdout } = await shell(
    `script -qec '${TOOL} --to x86-64 --in ${dir}/images' /dev/null`,
    dir,
  );
  assert.is(exitCode, 2, stdout);
  assert.match(stdout, 'standard output is a terminal');
});

test.run();
