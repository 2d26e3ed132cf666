// SPDX-License-Identifier: GPL-3.0-or-later
import { isUtf8 } from 'node:buffer';

/*
 * File names are bytes. Bytes that are not UTF-8 become the lone surrogates U+DC80..U+DCFF (PEP 383), and these
 * become the same bytes again.
 */

const ESCAPED = /[\udc80-\udcff]/u;

export function textFromBytes(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    text +=
      length === 0 ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return text;
}

/** Length of the UTF-8 sequence at `at`, 0 if there is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const first = bytes[at] ?? 0;
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const sequence = bytes.subarray(at, at + length);
  return sequence.length === length && isUtf8(sequence) ? length : 0;
}

export function bytesFromText(text: string): Buffer {
  if (!ESCAPED.test(text)) return Buffer.from(text, 'utf8');
  const parts = [...text].map((character) =>
    ESCAPED.test(character) ? Buffer.of(character.charCodeAt(0) - 0xdc00) : Buffer.from(character, 'utf8'),
  );
  return Buffer.concat(parts);
}
