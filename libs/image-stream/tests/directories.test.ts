// SPDX-License-Identifier: GPL-3.0-or-later
import { chmod, mkdir, readdir, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Cleanup } from '@h-containers/tool-kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { copyImages, openImages, openOutput, writeConfirm } from '../src/index.ts';
import {
  asBuffers,
  type Files,
  IMAGES,
  inChunks,
  inDirectory,
  ourStream,
  readFiles,
  writeFiles,
} from './helpers.ts';

const message = (work: Promise<unknown>) =>
  work.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );

test('a directory is copied whole, with modes that keep memory private', () =>
  inDirectory(async (top) => {
    await writeFiles(join(top, 'in'), IMAGES);
    const source = await openImages({ in: join(top, 'in') });
    const sink = await openOutput({ out: join(top, 'out') });
    await copyImages(source, sink);
    await writeConfirm(sink);
    assert.equal(
      await readdir(top),
      (await readdir(top)).filter((name) => name !== 'out'),
    );
    await sink.finish();
    await source.finish();
    assert.equal(await readFiles(join(top, 'out')), asBuffers(IMAGES));
    assert.equal((await readdir(top)).sort(), ['in', 'out']);
    assert.is((await stat(join(top, 'out'))).mode & 0o777, 0o700);
    assert.is((await stat(join(top, 'out/pages-1.img'))).mode & 0o777, 0o600);
  }));

test('pages of a directory can be read at any place', () =>
  inDirectory(async (top) => {
    await writeFiles(top, IMAGES);
    const source = await openImages({ in: top });
    for await (const { name, size, read } of source.pages()) {
      if (name !== 'pages-2.img') continue;
      assert.is((await read?.(500, 13))?.toString(), 'q'.repeat(13));
      assert.match(await message(Promise.resolve(read?.(500, 14))), /pages-2\.img: ends at 513, before 514/);
      assert.is(size, 513);
    }
  }));

test('an output that is given up leaves nothing behind', () =>
  inDirectory(async (top) => {
    const cleanup = new Cleanup();
    const sink = await openOutput({ out: join(top, 'out'), cleanup });
    await sink.add('core-1.img', Buffer.from('x'));
    assert.is((await readdir(top)).length, 1);
    await cleanup.run();
    assert.equal(await readdir(top), []);

    const other = await openOutput({ out: join(top, 'out') });
    await other.abort();
    assert.equal(await readdir(top), []);
  }));

test('a directory that holds something is not overwritten, an empty one is used', () =>
  inDirectory(async (top) => {
    await writeFiles(join(top, 'full'), { 'core-1.img': 'x' });
    assert.match(await message(openOutput({ out: join(top, 'full') })), /full: the directory is not empty/);
    await mkdir(join(top, 'empty'));
    const sink = await openOutput({ out: join(top, 'empty') });
    await sink.add('core-1.img', Buffer.from('y'));
    await sink.finish();
    assert.equal(await readFiles(join(top, 'empty')), { 'core-1.img': Buffer.from('y') });
  }));

const REFUSED: Record<string, [(top: string) => Promise<unknown>, RegExp]> = {
  'no directory': [async () => {}, /images: no such file or directory/],
  'an empty directory': [(path) => mkdir(path), /images: the directory is empty/],
  'a file': [(path) => writeFile(path, 'x'), /images: not a directory/],
  'a symbolic link in it': [
    async (path) => {
      await mkdir(path);
      await symlink('/etc/passwd', join(path, 'core-1.img'));
    },
    /core-1\.img: not a regular file/,
  ],
  'an odd name in it': [(path) => writeFiles(path, { 'a b': 'x' } as Files), /refused member "a b"/],
};

for (const [what, [prepare, pattern]] of Object.entries(REFUSED)) {
  test(`${what} is no input`, () =>
    inDirectory(async (top) => {
      await prepare(join(top, 'images'));
      assert.match(await message(openImages({ in: join(top, 'images') })), pattern);
    }));
}

test('a member that is missing is named', () =>
  inDirectory(async (top) => {
    await writeFiles(top, { 'core-1.img': 'x' });
    const source = await openImages({ in: top });
    assert.match(await message(source.read('inventory.img')), /: there is no inventory\.img/);
  }));

test('where nobody may write, the directory is named', () =>
  inDirectory(async (top) => {
    if (process.getuid?.() === 0) return; // root may
    await chmod(top, 0o500);
    assert.match(await message(openOutput({ out: join(top, 'out') })), /out: permission denied/);
  }));

test('an input that breaks off leaves no output', () =>
  inDirectory(async (top) => {
    const cleanup = new Cleanup();
    const stream = await ourStream(IMAGES);
    const source = await openImages({ stdin: inChunks(stream.subarray(0, 100_000)), cleanup });
    const sink = await openOutput({ out: join(top, 'out'), cleanup });
    assert.match(await message(copyImages(source, sink)), /the stream ends within or after "pages-1\.img"/);
    await cleanup.run();
    assert.equal(await readdir(top), []);
  }));

test.run();
