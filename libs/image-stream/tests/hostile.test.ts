// SPDX-License-Identifier: GPL-3.0-or-later
import { HcError } from '@h-containers/tool-kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openImages } from '../src/index.ts';
import { archive, IMAGES, inChunks, type Member, ourStream } from './helpers.ts';

async function readAll(bytes: Buffer): Promise<void> {
  const source = await openImages({ stdin: inChunks(bytes), limits: { smallMember: 1_000_000 } });
  for await (const { chunks } of source.pages()) for await (const _chunk of chunks());
  await source.finish();
}

async function failure(bytes: Buffer): Promise<HcError> {
  const error = await readAll(bytes).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HcError)) throw error ?? new Error('read without complaint');
  return error;
}

const MEMBERS: Record<string, [Member, RegExp]> = {
  'an absolute name': [[{ name: '/etc/passwd' }, 'x'], /refused member "\/etc\/passwd": not the name/],
  'a name that climbs': [[{ name: '../core-1.img' }, 'x'], /refused member "\.\.\/core-1\.img"/],
  'a name that climbs below hc/': [[{ name: 'hc/../../x' }, 'x'], /refused member "hc\/\.\.\/\.\.\/x"/],
  'another directory': [[{ name: 'sub/core-1.img' }, 'x'], /refused member "sub\/core-1\.img"/],
  'a directory entry': [[{ name: 'sub', type: 'directory' }], /refused member "sub\/?": it is a directory/],
  'a hidden file': [[{ name: '.bashrc' }, 'x'], /refused member "\.bashrc"/],
  'a name with a line break': [[{ name: 'a\nb.img' }, 'x'], /refused member "a\\nb\.img"/],
  'a name without end': [[{ name: 'x'.repeat(5000) }, 'x'], /refused member "xxx/],
  'a symbolic link': [[{ name: 'core-1.img', type: 'symlink', linkname: '/etc/shadow' }], /it is a symlink/],
  'a hard link': [[{ name: 'core-1.img', type: 'link', linkname: 'x' }], /it is a link/],
  'a device': [[{ name: 'core-1.img', type: 'block-device', devmajor: 8 }], /it is a block-device/],
  'a FIFO': [[{ name: 'core-1.img', type: 'fifo' }], /it is a fifo/],
  'a small member of a terabyte': [
    [{ name: 'core-1.img', size: 2 ** 40 }],
    /1099511627776 bytes are more than/,
  ],
};

for (const [what, [member, pattern]] of Object.entries(MEMBERS)) {
  test(`${what} is refused`, async () => {
    const tar = await archiveStart(member);
    const error = await failure(tar);
    assert.match(error.message, pattern);
    assert.is(error.exitCode, 1);
  });
}

/** Of members that announce more than they hold, only the header. */
async function archiveStart(member: Member): Promise<Buffer> {
  if ((member[0].size ?? 0) === 0) return archive(member);
  const { encodeHeader } = await import('../src/tar-codec.ts');
  return encodeHeader(member[0].name, member[0].size ?? 0);
}

test('a name that comes twice is refused', async () => {
  const tar = await archive([{ name: 'core-1.img' }, 'x'], [{ name: './core-1.img' }, 'y']);
  assert.match((await failure(tar)).message, /refused member "\.\/core-1\.img": it comes twice/);
});

test('metadata after pages that were promised to be last is refused', async () => {
  const head = (await ourStream({ 'pages-1.img': 'x' })).subarray(0, -1024);
  const tar = Buffer.concat([head, await archive([{ name: 'core-1.img' }, 'x'])]);
  assert.match((await failure(tar)).message, /core-1\.img comes after pages/);
});

test('an empty input, an empty archive and no archive are told apart', async () => {
  assert.match((await failure(Buffer.alloc(0))).message, /the stream is empty/);
  assert.match((await failure(Buffer.alloc(1024))).message, /the archive holds no images/);
  assert.match((await failure(await ourStream({}))).message, /the archive holds no images/);
  assert.match((await failure(Buffer.alloc(2000, 'hello'))).message, /not an image stream \(tar\)/);
  assert.match((await failure(Buffer.from('hello'))).message, /ends in the first header/);
});

test('headers that never lead to a member are refused', async () => {
  const { STREAM_HEADER } = await import('../src/stream-header.ts');
  const error = await failure(Buffer.concat(Array.from({ length: 200 }, () => STREAM_HEADER)));
  assert.match(error.message, /headers without end/);
});

test('a stream cut off anywhere is noticed', async () => {
  const whole = await ourStream(IMAGES);
  // The last block is filler: one zero block is enough of an end.
  for (let length = 0; length <= whole.length - 1024; length += length < 8192 ? 64 : 4096) {
    const error = await failure(whole.subarray(0, length));
    assert.match(error.message, /standard input: the stream (is empty|ends)/);
  }
});

test('a thousand damaged streams end in a clear error, or are read', async () => {
  const whole = await ourStream({ ...IMAGES, 'pages-1.img': Buffer.alloc(2000, 'p') });
  let state = 1;
  const below = (limit: number) => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return (state >>> 8) % limit;
  };
  for (let round = 0; round < 1000; round++) {
    const bytes = Buffer.from(whole);
    for (let flips = below(5); flips >= 0; flips--) bytes[below(bytes.length)] = below(256);
    await readAll(bytes).catch((error: unknown) => {
      if (!(error instanceof HcError)) throw error;
      assert.match(error.message, /^standard input: /);
    });
  }
});

test.run();
