// SPDX-License-Identifier: GPL-3.0-or-later
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeImage, encodeImage } from '../src/index.ts';
import { ALL_KINDS, fileName, Random, randomImage } from './random-images.ts';

for (const kind of ALL_KINDS) {
  test(`${kind}: any values survive, and the bytes are the same again`, () => {
    const random = new Random(kind.length);
    for (let round = 0; round < 30; round++) {
      const image = randomImage(kind, random);
      const bytes = encodeImage(image);
      const decoded = decodeImage(fileName(kind), bytes);
      assert.equal(decoded, image);
      assert.ok(encodeImage(decoded).equals(bytes));
    }
  });
}

test('a file of an unknown name passes through untouched', () => {
  const bytes = Buffer.from('anything at all');
  const image = decodeImage('netns-ct-9.img', bytes);
  assert.is(image.kind, 'opaque');
  assert.is(encodeImage(image), bytes);
});

test('the contents of an unchunked ghost file are kept', () => {
  // uid, gid, mode, then the file itself
  const bytes = Buffer.from('1943565405365852' + '06000000080010001801' + '68656c6c6f', 'hex');
  const image = decodeImage('ghost-file-1.img', bytes);
  assert.ok(image.kind === 'ghost-file');
  assert.is(image.rest.toString(), 'hello');
  assert.ok(encodeImage(image).equals(bytes));
});

test.run();
