// SPDX-License-Identifier: GPL-3.0-or-later
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cleanup, HcError } from '@h-containers/tool-kit';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { carriedFiles, installFiles } from '../src/files.ts';

const test = suite<{ dir: string; images: string; target: string }>('files in the stream');
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'hc-'));
  context.images = join(context.dir, 'images');
  context.target = join(context.dir, 'target');
  mkdirSync(join(context.images, 'hc'), { recursive: true });
  mkdirSync(context.target);
  writeFileSync(join(context.images, 'hc/file-0'), 'contents');
});
test.after.each(({ dir }) => rmSync(dir, { recursive: true }));

const file = (path: string) => ({
  member: 'hc/file-0',
  path,
  mode: 0o640,
  uid: process.getuid?.() ?? 0,
  gid: process.getgid?.() ?? 0,
  modifiedMs: 1_700_000_000_000,
});

async function refusal(images: string, path: string, allowed: string[]): Promise<string> {
  try {
    await installFiles(images, [file(path)], allowed, new Cleanup());
  } catch (error) {
    if (error instanceof HcError) return error.message;
    throw error;
  }
  throw new Error('should have been refused');
}

test('a file is put in place with its mode and time, and replaces what was there', async ({
  images,
  target,
}) => {
  const path = join(target, 'sub/log');
  mkdirSync(join(target, 'sub'));
  writeFileSync(path, 'older and longer contents');
  await installFiles(images, [file(path)], [target], new Cleanup());
  assert.is(readFileSync(path, 'utf8'), 'contents');
  assert.is(statSync(path).mode & 0o7777, 0o640);
  assert.is(statSync(path).mtimeMs, 1_700_000_000_000);
  assert.equal(readdirSync(join(target, 'sub')), ['log']);
});

test('nothing goes anywhere without leave', async ({ images, target }) => {
  assert.match(await refusal(images, join(target, 'log'), []), 'it may not be put there');
  assert.is(existsSync(join(target, 'log')), false);
});

for (const path of ['/etc/hc-test', '../hc-test', 'target/../../etc/hc-test', '/tmp/../etc/hc-test'])
  test(`a path outside is refused: ${path}`, async ({ images, target }) => {
    assert.match(await refusal(images, path, [target]), 'it may not be put there');
    assert.is(existsSync('/etc/hc-test'), false);
  });

test('a symbolic link does not lead out', async ({ images, target, dir }) => {
  mkdirSync(join(dir, 'outside'));
  symlinkSync(join(dir, 'outside'), join(target, 'link'));
  assert.match(await refusal(images, join(target, 'link/log'), [target]), 'it may not be put there');
  assert.equal(readdirSync(join(dir, 'outside')), []);
});

test('a list that is damaged or names other members is refused', () => {
  for (const list of [{}, [null], [{ ...file('/x'), member: 'core-1.img' }], [{ ...file('/x'), mode: -1 }]])
    assert.throws(() => carriedFiles(list), /damaged/);
  assert.equal(carriedFiles(undefined), []);
});

test.run();
