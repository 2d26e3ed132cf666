// SPDX-License-Identifier: GPL-3.0-or-later
// RESP 2, the protocol of Redis. Strings hold bytes, one per character.

/** "+OK" */
export class Status {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** "-ERR ..." */
export class Failure {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Reply = number | string | null | Status | Failure | Reply[];

export const OK = new Status('OK');
export const QUEUED = new Status('QUEUED');

export function encode(words: readonly (string | number)[]): string {
  const parts = words.map((word) => {
    const text = String(word);
    return `$${text.length}\r\n${text}\r\n`;
  });
  return `*${words.length}\r\n${parts.join('')}`;
}

interface Parsed<T> {
  reply: T;
  length: number;
}

export function parseReply(bytes: Buffer): Parsed<Reply> | undefined {
  return parseAt(bytes, 0);
}

const CR = 13;

function parseAt(bytes: Buffer, start: number): Parsed<Reply> | undefined {
  const lineEnd = bytes.indexOf(CR, start);
  if (lineEnd < 0 || lineEnd + 2 > bytes.length) return undefined;
  const line = bytes.toString('latin1', start + 1, lineEnd);
  const length = lineEnd + 2 - start;
  const kind = String.fromCharCode(bytes[start] ?? 0);
  if (kind === '+') return { reply: new Status(line), length };
  if (kind === '-') return { reply: new Failure(line), length };
  const number = Number(line);
  if (!/^-?\d+$/.test(line)) throw new Error('not a reply of Redis');
  if (kind === ':') return { reply: number, length };
  if (kind === '$') return parseBulk(bytes, start, length, number);
  if (kind === '*') return parseArray(bytes, start, length, number);
  throw new Error('not a reply of Redis');
}

function parseBulk(bytes: Buffer, start: number, header: number, size: number): Parsed<Reply> | undefined {
  if (size < 0) return { reply: null, length: header };
  const from = start + header;
  if (bytes.length < from + size + 2) return undefined;
  if (bytes[from + size] !== CR) throw new Error('a string without its end');
  return { reply: bytes.toString('latin1', from, from + size), length: header + size + 2 };
}

function parseArray(bytes: Buffer, start: number, header: number, count: number): Parsed<Reply> | undefined {
  if (count < 0) return { reply: null, length: header };
  const reply: Reply[] = [];
  let length = header;
  for (let index = 0; index < count; index += 1) {
    const element = parseAt(bytes, start + length);
    if (!element) return undefined;
    reply.push(element.reply);
    length += element.length;
  }
  return { reply, length };
}

export function show(reply: Reply): string {
  const text = JSON.stringify(reply);
  return text.length > 200 ? `${text.slice(0, 200)}... (${text.length} characters)` : text;
}

export function same(a: Reply, b: Reply): boolean {
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((each, index) => same(each, b[index] ?? null));
  if (a instanceof Status && b instanceof Status) return a.text === b.text;
  if (a instanceof Failure && b instanceof Failure) return a.text === b.text;
  return a === b;
}
