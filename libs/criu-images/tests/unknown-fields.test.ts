// SPDX-License-Identifier: GPL-3.0-or-later
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { decodeImageAs, encodeImage } from '../src/index.ts';

const PRELUDE = '1943565412394051';
const fs = (body: string) => {
  const message = Buffer.from(body, 'hex');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(message.length);
  return Buffer.concat([Buffer.from(PRELUDE, 'hex'), length, message]);
};
const decode = (bytes: Buffer) => decodeImageAs('fs', 'fs-1.img', bytes);

test('fields the schema does not know survive an edit, in their place', () => {
  // 1: 5, 2: 6, 9: "xyz", 300: fixed64, 301: fixed32, 302: varint
  const known = '0805' + '1006';
  const unknown = '4a0378797a' + 'e1120102030405060708' + 'ed12deadbeef' + 'f012ac02';
  const bytes = fs(known + unknown);
  const image = decode(bytes);
  assert.ok(image.exact);
  assert.is(image.messages[0]?.$unknown?.length, 4);
  assert.ok(encodeImage(image).equals(bytes));
  const [entry] = image.messages;
  if (entry !== undefined) Object.assign(entry, { umask: 18, cwd_id: 7 });
  assert.ok(encodeImage(image).equals(fs(`080710061812${unknown}`)));
});

test('a copy of a message keeps its unknown fields', () => {
  const image = decode(fs('08051006' + '4a0378797a'));
  const copy = { ...image, messages: image.messages.map((entry) => ({ ...entry })) };
  assert.ok(encodeImage(copy).equals(encodeImage(image)));
});

const INEXACT = {
  'fields out of order': '10060805',
  'a field given twice': '080508051006',
  'a number with needless bytes': '088500' + '1006',
  'a 32-bit number with upper bits': '0885808080808001' + '1006',
};

for (const [what, body] of Object.entries(INEXACT)) {
  test(`${what}: read, but known not to be CRIU's own writing`, () => {
    const image = decode(fs(body));
    assert.not(image.exact);
    assert.equal(image.messages[0], { cwd_id: 5, root_id: 6 });
    assert.ok(encodeImage(image).equals(fs('08051006')));
  });
}

test('packed repeated numbers are understood', () => {
  const bytes = Buffer.from('19435654303027500e000000' + '08011000180120012a0401020304', 'hex');
  const image = decodeImageAs('pstree', 'pstree.img', bytes);
  assert.equal(image.messages[0]?.threads, [1, 2, 3, 4]);
  assert.not(image.exact);
});

test.run();
