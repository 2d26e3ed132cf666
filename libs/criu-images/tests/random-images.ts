// SPDX-License-Identifier: GPL-3.0-or-later
import { newImage } from '../src/image.ts';
import type { AnyImage } from '../src/index.ts';
import { type ImageKind, KINDS, kindSpec } from '../src/kinds.ts';
import { type Field, type FieldKind, type MessageName, schemaOf } from '../src/schema.ts';

/** Reproducible noise (mulberry32): a failure can be looked at again. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** 0 <= result < limit */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  bytes(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.below(256)));
  }
}

const UINT32 = [0, 1, 127, 128, 16383, 16384, 0x7fff_ffff, 0xffff_ffff];
const INT32 = [0, 1, -1, 0x7fff_ffff, -0x8000_0000, 4711];
const UINT64 = [
  0n,
  1n,
  127n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n - 1n,
  2n ** 53n,
  2n ** 64n - 1n,
  0x7fff_dead_b000n,
];
const INT64 = [0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n), -4711n];

const VALUES: Record<Exclude<FieldKind, 'message'>, (random: Random) => unknown> = {
  bool: (random) => random.below(2) === 1,
  // Values that every enum has.
  enum: (random) => random.pick([1, 2]),
  uint32: (random) => random.pick(UINT32),
  int32: (random) => random.pick(INT32),
  sint32: (random) => random.pick(INT32),
  fixed32: (random) => random.pick(UINT32),
  uint64: (random) => random.pick(UINT64),
  int64: (random) => random.pick(INT64),
  sint64: (random) => random.pick(INT64),
  fixed64: (random) => random.pick(UINT64),
  string: (random) => random.pick(['', '/bin/sh', 'x'.repeat(200), 'zoë', '/tmp/\udcff\udc80 odd', '🦆']),
  bytes: (random) => random.bytes(random.below(40)),
};

export function randomMessage(name: MessageName, random: Random, depth = 0): Record<string, unknown> {
  const message: Record<string, unknown> = {};
  for (const field of schemaOf(name).fields) {
    const value = () => randomValue(field, random, depth);
    if (field.repeated)
      message[field.name] = depth > 3 ? [] : Array.from({ length: random.pick([0, 1, 2, 5]) }, value);
    else if (field.required || (depth <= 3 && random.below(2) === 1)) message[field.name] = value();
  }
  return message;
}

function randomValue(field: Field, random: Random, depth: number): unknown {
  if (field.kind !== 'message') return VALUES[field.kind](random);
  if (field.message === undefined) throw new Error('schema');
  return randomMessage(field.message, random, depth + 1);
}

/** Raw data behind a message, and what the message must say about it. */
const EXTRAS: { [K in ImageKind]?: (message: Record<string, unknown>, random: Random) => Buffer } = {
  'pipes-data': (message, random) => sized(message, 'bytes', random),
  'fifo-data': (message, random) => sized(message, 'bytes', random),
  'sk-queues': (message, random) => sized(message, 'length', random),
  'tcp-stream': (message, random) =>
    Buffer.concat([sized(message, 'inq_len', random), sized(message, 'outq_len', random)]),
  'bpfmap-data': (message, random) =>
    Buffer.concat([sized(message, 'keys_bytes', random), sized(message, 'values_bytes', random)]),
  'ghost-file': (message, random) => {
    const data = random.bytes(random.below(50));
    message.len = BigInt(data.length);
    return data;
  },
  'ipcns-shm': (message) => {
    Object.assign(message, { size: 13n, in_pagemaps: undefined });
    delete message.in_pagemaps;
    return Buffer.alloc(16, 7);
  },
  'ipcns-sem': (message) => {
    message.nsems = 3;
    return Buffer.alloc(8, 9);
  },
  'ipcns-msg': (message) => {
    message.qnum = 1;
    // u32 length, ipc_msg { mtype: 1, msize: 5 }, five bytes of text and padding
    return Buffer.from('04000000080110056869207468000000'.slice(0, 32), 'hex');
  },
};

function sized(message: Record<string, unknown>, field: string, random: Random): Buffer {
  const data = random.bytes(random.below(50));
  message[field] = data.length;
  return data;
}

export const ALL_KINDS = Object.keys(KINDS) as ImageKind[];

export function fileName(kind: ImageKind): string {
  return KINDS[kind].file.replace('%d', '42').replace('%x', '2a').replace('%s', 'dump');
}

export function randomImage(kind: ImageKind, random: Random): AnyImage {
  const { message: name, head: headName } = kindSpec(kind);
  const head = headName === undefined ? undefined : randomMessage(headName, random);
  if (kind === 'ghost-file' && head !== undefined) head.chunks = true;
  const messages = Array.from({ length: random.below(4) }, () => randomMessage(name, random));
  const extra = EXTRAS[kind];
  const extras = extra === undefined ? [] : messages.map((message) => extra(message, random));
  // Built after the schema, which the types are made of, too.
  return newImage(kind, fileName(kind), messages as never, { head: head as never, extras }) as AnyImage;
}
