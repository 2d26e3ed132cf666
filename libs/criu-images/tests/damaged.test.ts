// SPDX-License-Identifier: GPL-3.0-or-later
import { HcError } from '@h-containers/tool-kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeImage, decodePagemap, encodeImage, encodePagemap } from '../src/index.ts';
import { ALL_KINDS, fileName, Random, randomImage } from './random-images.ts';

/** Either it cannot be read, and the error names file and offset, or it can, and exact means exact. */
function survives(name: string, bytes: Buffer): void {
  try {
    const image = decodeImage(name, bytes);
    const again = encodeImage(image);
    if (image.kind !== 'opaque' && image.exact)
      assert.ok(again.equals(bytes), `${name} ${bytes.toString('hex')}`);
  } catch (error) {
    if (!(error instanceof HcError)) throw error;
    assert.match(error.message, new RegExp(`^${name}: offset \\d+: `));
  }
}

test('every truncation of every kind is survived', () => {
  const random = new Random(1);
  for (const kind of ALL_KINDS) {
    const bytes = encodeImage(randomImage(kind, random));
    for (let length = 0; length < Math.min(bytes.length, 400); length++)
      survives(fileName(kind), bytes.subarray(0, length));
  }
});

test('ten thousand bit flips are survived', () => {
  const random = new Random(2);
  for (let round = 0; round < 10_000; round++) {
    const kind = random.pick(ALL_KINDS);
    const bytes = Buffer.from(encodeImage(randomImage(kind, random)));
    for (let flips = random.below(4); flips >= 0; flips--) {
      const at = random.below(bytes.length);
      bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
    }
    survives(fileName(kind), bytes);
  }
});

test('noise behind a valid magic number is survived', () => {
  const random = new Random(3);
  for (let round = 0; round < 5_000; round++) {
    const kind = random.pick(ALL_KINDS);
    const prelude = encodeImage(randomImage(kind, random)).subarray(0, kind === 'inventory' ? 4 : 8);
    const body = random.bytes(random.below(100));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(random.pick([body.length, random.below(100), 0xffff_ffff]));
    survives(fileName(kind), Buffer.concat([prelude, length, body]));
  }
});

const fails = (name: string, hex: string, pattern: RegExp) =>
  assert.throws(
    () => decodeImage(name, Buffer.from(hex, 'hex')),
    (error: unknown) => error instanceof HcError && pattern.test(error.message),
  );

test('errors say what is wrong, and where', () => {
  fails('fs-1.img', '19435654', /^fs-1\.img: offset 4: 4 bytes expected, 0 left$/);
  fails(
    'fs-1.img',
    '1943565416312858',
    /^fs-1\.img: offset 4: magic number 0x58283116 instead of 0x51403912$/,
  );
  fails(
    'fs-1.img',
    '1943565412394051' + 'ffffff7f',
    /offset 12: fs_entry: 2147483647 bytes expected, 0 left/,
  );
  fails('fs-1.img', '1943565412394051' + '020000000805', /offset 12: fs_entry lacks its field root_id/);
  fails(
    'fs-1.img',
    '1943565412394051' + '020000000d00',
    /offset 12: fs_entry.cwd_id has the wrong wire type 5/,
  );
  fails('fs-1.img', '1943565412394051' + '020000000880', /offset 13: number is cut off/);
  fails('fs-1.img', '1943565412394051' + '010000000b', /wire type 3/);
  fails('pipes-data.img', '1943565409374556' + '04000000080110ff', /offset 15: number is cut off/);
  fails(
    'pipes-data.img',
    '1943565409374556' + '0500000008011080' + '02',
    /offset 17: 256 bytes expected, 0 left/,
  );
});

test('messages nested without end are refused, not followed', () => {
  // cgroup_entry.controllers, .dirs, then .children of .children ...
  let body = Buffer.from('0a00', 'hex');
  for (let depth = 0; depth < 5000; depth++)
    body = Buffer.concat([Buffer.of(0x12), varint(body.length), body]);
  const framed = Buffer.alloc(4);
  framed.writeUInt32LE(body.length);
  const bytes = Buffer.concat([Buffer.from('1943565430333859', 'hex'), framed, body]);
  assert.throws(() => decodeImage('cgroup.img', bytes), /nested more than 64 deep/);
});

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return Buffer.from([...bytes, rest]);
    bytes.push((rest & 0x7f) | 0x80);
  }
}

test('a damaged pagemap is refused', () => {
  const range = { start: 0x1000n, pages: 1, flags: 4, offset: 0 };
  const twice = encodePagemap({ name: 'pagemap-1.img', pagesId: 1, ranges: [range, range] });
  assert.throws(() => decodePagemap('pagemap-1.img', twice), /page range at 0x1000 is out of order/);
  const odd = encodePagemap({ name: 'pagemap-1.img', pagesId: 1, ranges: [{ ...range, start: 0x1001n }] });
  assert.throws(() => decodePagemap('pagemap-1.img', odd), /out of order/);
});

test.run();
