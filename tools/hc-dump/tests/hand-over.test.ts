// SPDX-License-Identifier: GPL-3.0-or-later
// The script that CRIU runs, as CRIU runs it: without input, told its stage and the image directory by the environment.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { HAND_OVER_SCRIPT, HandOver } from '../src/hand-over.ts';

interface Context {
  directory: string;
  handOver: HandOver;
}

const test = suite<Context>('hand-over');

test.before.each(async (context) => {
  context.directory = mkdtempSync(join(tmpdir(), 'hc-'));
  context.handOver = await HandOver.prepare(context.directory);
});

test.after.each(({ directory, handOver }) => {
  handOver.close();
  rmSync(directory, { recursive: true });
});

async function runScript(directory: string, stage = 'post-dump'): Promise<number | undefined> {
  const env = { CRTOOLS_SCRIPT_ACTION: stage, CRTOOLS_IMAGE_DIR: directory };
  const { exitCode } = await execa(HAND_OVER_SCRIPT, [], {
    env,
    stdin: 'ignore',
    reject: false,
    timeout: 60_000,
  });
  return exitCode;
}

const never = new Promise<never>(() => {});

test('it tells that the dump is complete, and ends the processes on the verdict only', async (context) => {
  const { directory, handOver } = context;
  let over = false;
  const script = runScript(directory).finally(() => {
    over = true;
  });
  await handOver.dumped(never);
  assert.is(over, false);
  handOver.decide('end');
  assert.is(await script, 0);
});

test('a second verdict changes nothing', async ({ directory, handOver }) => {
  const script = runScript(directory);
  await handOver.dumped(never);
  handOver.decide('run');
  handOver.decide('end');
  assert.is(await script, 1);
});

test('a verdict that comes before the end of the dump is kept', async ({ directory, handOver }) => {
  handOver.decide('end');
  assert.is(await runScript(directory), 0);
});

test('when the processes run on, what was done is undone, the last first', async ({
  directory,
  handOver,
}) => {
  const undone = join(directory, 'undone');
  await handOver.undo(`echo lock >>${undone}`);
  await handOver.undo(`echo address >>${undone}`);
  handOver.decide('run');
  assert.is(await runScript(directory), 1);
  assert.is(readFileSync(undone, 'utf8'), 'address\nlock\n');
  await handOver.undoAll();
  assert.is(readFileSync(undone, 'utf8'), 'address\nlock\n');
});

test('where CRIU fails before the script, the tool undoes it', async ({ directory, handOver }) => {
  const undone = join(directory, 'undone');
  await handOver.undo(`echo lock >>${undone}`);
  await handOver.undoAll();
  assert.is(readFileSync(undone, 'utf8'), 'lock\n');
});

test('when they end, nothing is undone', async ({ directory, handOver }) => {
  const undone = join(directory, 'undone');
  await handOver.undo(`echo lock >>${undone}`);
  handOver.decide('end');
  assert.is(await runScript(directory), 0);
  assert.not(existsSync(undone));
});

test('an hc-dump that is killed, before or after: the processes run on', async ({ directory }) => {
  const undone = join(directory, 'undone');
  const module = fileURLToPath(new URL('../src/hand-over.ts', import.meta.url));
  const script = `import { HandOver } from ${JSON.stringify(module)};
    const handOver = await HandOver.prepare(${JSON.stringify(join(directory, 'own'))});
    await handOver.undo('echo lock >>${undone}'); console.log('ready'); setInterval(() => {}, 1000);`;
  const dumper = execa('node', ['--import', 'tsx', '--input-type=module', '-e', script], { reject: false });
  await new Promise((resolve) => dumper.stdout.once('data', resolve));
  const running = runScript(join(directory, 'own'));
  setTimeout(() => dumper.kill('SIGKILL'), 300);
  assert.is(await running, 1);
  assert.is(readFileSync(undone, 'utf8'), 'lock\n');
  assert.is(await runScript(join(directory, 'own')), 1);
});

test('at all other stages it does nothing', async ({ directory }) => {
  assert.is(await runScript(directory, 'pre-dump'), 0);
});

test('a CRIU that ends without the script is an error', async ({ handOver }) => {
  try {
    await handOver.dumped(Promise.resolve());
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), 'criu ended without having handed the processes over');
  }
});

test.run();
