// SPDX-License-Identifier: GPL-3.0-or-later
import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CONFIRM,
  CONFIRM_SIZE,
  copyImages,
  type ImageSource,
  openImages,
  writeConfirm,
} from '../src/index.ts';
import { archive, asBuffers, type Files, IMAGES, inChunks, ourStream, streamOf } from './helpers.ts';

async function contents(source: ImageSource): Promise<Files> {
  const files: Files = {};
  for (const name of source.names) files[name] = await source.read(name);
  for await (const { name, chunks } of source.pages()) {
    const parts: Buffer[] = [];
    for await (const chunk of chunks()) parts.push(chunk);
    files[name] = Buffer.concat(parts);
  }
  return files;
}

const spools = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('hc-spool-'));

for (const size of [1, 511, 512, 65_536]) {
  test(`a stream written is read again, in chunks of ${size}`, async () => {
    const source = await openImages({ stdin: inChunks(await ourStream(IMAGES), size) });
    assert.equal(source.names, ['core-7.img', 'hc/hc-dump.json', 'inventory.img']);
    assert.ok(source.has('core-7.img'));
    assert.equal(await contents(source), asBuffers(IMAGES));
    await source.finish();
  });
}

test('equal images make equal streams', async () => {
  assert.ok((await ourStream(IMAGES)).equals(await ourStream(IMAGES)));
});

test('an archive in any order is read with its pages last, over the disk', async () => {
  const before = await spools();
  const stdin = inChunks(
    await archive(
      [{ name: './', type: 'directory' }],
      [{ name: './pages-1.img' }, 'first pages'],
      [{ name: './inventory.img' }, 'inventory'],
      [{ name: './hc/', type: 'directory' }],
      [{ name: './pages-2.img' }, 'second pages'],
      [{ name: './hc/hc-dump.json', pax: { comment: 'x'.repeat(600) } }, '{}'],
    ),
  );
  const source = await openImages({ stdin });
  assert.equal(source.names, ['inventory.img', 'hc/hc-dump.json']);
  for await (const { name, size, read } of source.pages()) {
    const expected = name === 'pages-1.img' ? 'first pages' : 'second pages';
    assert.is(size, expected.length);
    assert.is((await read?.(6, size - 6))?.toString(), expected.slice(6));
  }
  await source.finish();
  assert.equal(await spools(), before);
});

test('pages that lie on disk can be looked into first and copied afterwards', async () => {
  const tar = await archive([{ name: 'pages-1.img' }, 'pages'], [{ name: 'core-1.img' }, 'core']);
  const source = await openImages({ stdin: inChunks(tar) });
  for await (const { read } of source.pages()) assert.is((await read?.(1, 3))?.toString(), 'age');
  const copied = await streamOf((sink) => copyImages(source, sink));
  assert.ok(copied.equals(await ourStream({ 'core-1.img': 'core', 'pages-1.img': 'pages' })));
  await source.finish();
});

test('small members beyond the memory limit wait on disk', async () => {
  const files = {
    'core-1.img': randomBytes(5000),
    'core-2.img': randomBytes(5000),
    'pages-1.img': Buffer.alloc(9),
  };
  const source = await openImages({ stdin: inChunks(await ourStream(files)), limits: { inMemory: 6000 } });
  assert.equal(await contents(source), files);
  await source.finish();
});

test('pages can be left unread', async () => {
  const source = await openImages({ stdin: inChunks(await ourStream(IMAGES)) });
  for await (const { name } of source.pages()) if (name === 'pages-1.img') break;
  await source.finish();
});

test('hc/confirm is left alone until one is done, and handed on', async () => {
  const stream = await streamOf(async (sink) => {
    await sink.add('core-1.img', Buffer.from('core'));
    await sink.add('pages-1.img', Buffer.from('pages'));
    await writeConfirm(sink);
  });
  assert.ok(stream.length > CONFIRM_SIZE);
  let delivered = 0;
  async function* counted() {
    for await (const chunk of inChunks(stream, 4096)) {
      delivered += chunk.length;
      yield chunk;
    }
  }
  const source = await openImages({ stdin: counted() });
  let atPagesEnd = 0;
  const passed = await streamOf(async (sink) => {
    await copyImages(source, sink);
    atPagesEnd = delivered;
    await source.finish(sink);
  });
  assert.ok(atPagesEnd <= 8192, `${atPagesEnd} bytes were read before the work was done`);
  assert.is(delivered, stream.length);
  assert.ok(passed.equals(stream));
  assert.not(source.has(CONFIRM));
});

test('the reader of a stream sets its pace', async () => {
  let unread = 0;
  let most = 0;
  const { StreamSink } = await import('../src/stream-sink.ts');
  const sink = new StreamSink({
    write(chunk, callback) {
      unread += chunk.length;
      most = Math.max(most, unread);
      setTimeout(() => {
        unread -= chunk.length;
        callback();
      }, 1);
      return false;
    },
    on() {},
  });
  async function* pages() {
    for (let index = 0; index < 64; index++) yield Buffer.alloc(65_536);
  }
  await sink.addStream('pages-1.img', 64 * 65_536, pages());
  await sink.finish();
  assert.ok(most <= 400_000, `${most} bytes were in flight`);
});

test('a sink does not take what would break the order, or what is not as long as announced', async () => {
  await streamOf(async (sink) => {
    await sink.add('pages-1.img', Buffer.from('x'));
    await rejects(sink.add('core-1.img', Buffer.from('x')), /core-1\.img must come before pages/);
    await rejects(sink.add('pages-1.img', Buffer.from('x')), /pages-1\.img was written already/);
    await rejects(sink.add('../pages-2.img', Buffer.from('x')), /not the name of an image file/);
  });
  for (const size of [2, 4])
    await rejects(
      streamOf((sink) => sink.addStream('pages-1.img', size, inChunks(Buffer.from('abc')))),
      /pages-1\.img: its contents are not the \d bytes announced/,
    );
});

async function rejects(work: Promise<unknown>, pattern: RegExp): Promise<void> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  assert.instance(error, Error);
  assert.match((error as Error).message, pattern);
}

test.run();
