// SPDX-License-Identifier: GPL-3.0-or-later
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  decodePagemap,
  encodePagemap,
  findRange,
  offsetOf,
  PE_LAZY,
  PE_PARENT,
  PE_PRESENT,
} from '../src/index.ts';

const RANGES = [
  { start: 0x20_0000n, pages: 1, flags: PE_PRESENT, offset: 0 },
  { start: 0x40_0000n, pages: 16, flags: PE_PRESENT | PE_LAZY, offset: 4096 },
  { start: 0x50_0000n, pages: 4, flags: PE_PARENT, offset: undefined },
  { start: 0x7fff_ffff_0000n, pages: 2, flags: PE_PRESENT, offset: 17 * 4096 },
];
const MAP = decodePagemap(
  'pagemap-7.img',
  encodePagemap({ name: 'pagemap-7.img', pagesId: 3, ranges: RANGES }),
);

test('ranges carry their place in the pages file', () => {
  assert.equal(MAP, { name: 'pagemap-7.img', pagesId: 3, ranges: RANGES, size: 19 * 4096 });
});

test('an address is found in its range', () => {
  assert.equal(findRange(MAP, 0x40_ffffn), RANGES[1]);
  assert.is(findRange(MAP, 0x41_0000n), undefined);
  assert.is(findRange(MAP, 0n), undefined);
  assert.is(findRange(MAP, 2n ** 64n - 1n), undefined);
  assert.is(offsetOf(MAP, 0x40_1234n), 4096 + 0x1234);
  assert.is(offsetOf(MAP, 0x7fff_ffff_1fffn), 19 * 4096 - 1);
});

test('pages of the parent image have no place', () => assert.is(offsetOf(MAP, 0x50_0000n), undefined));

test('a pagemap of CRIU before 2.12, without flags, has its pages present unless in the parent', () => {
  const entry = (start: string, rest = '') => {
    const body = Buffer.from(`08${start}1001${rest}`, 'hex');
    return Buffer.concat([Buffer.of(body.length, 0, 0, 0), body]);
  };
  const bytes = Buffer.concat([
    Buffer.from('19435654254008560200000008 01'.replaceAll(' ', ''), 'hex'),
    entry('8020'),
    entry('8040', '1801'),
    entry('8060'),
  ]);
  const { ranges } = decodePagemap('pagemap-1.img', bytes);
  assert.equal(
    ranges.map(({ offset }) => offset),
    [0, undefined, 4096],
  );
});

test.run();
