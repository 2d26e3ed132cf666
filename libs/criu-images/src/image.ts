// SPDX-License-Identifier: GPL-3.0-or-later
import { HcError } from '@h-containers/tool-kit';
import { decodeMessage } from './decode.ts';
import { writeMessage } from './encode.ts';
import { extraSize, hasExtras } from './extras.ts';
import type { Messages } from './generated/types.ts';
import { COMMON_MAGIC, type ImageKind, imageKind, type KINDS, kindSpec, SERVICE_MAGIC } from './kinds.ts';
import type { MessageName } from './schema.ts';
import { WireReader } from './wire-reader.ts';
import { WireWriter } from './wire-writer.ts';

type Spec<K extends ImageKind> = (typeof KINDS)[K];
export type MessageOf<K extends ImageKind> = Messages[Spec<K>['message']];
export type HeadOf<K extends ImageKind> =
  Spec<K> extends { head: infer H extends MessageName } ? Messages[H] : undefined;

export interface Image<K extends ImageKind> {
  kind: K;
  /** File name, e.g. core-12.img. */
  name: string;
  /** 4 or 8 bytes of magic numbers. */
  prelude: Buffer;
  /** Of pagemap and ghost-file images: their first message. */
  head: HeadOf<K>;
  messages: MessageOf<K>[];
  /** Raw data after each message, in images that have such data; else empty. */
  extras: Buffer[];
  /** Raw data after the last message: contents of an unchunked ghost file. */
  rest: Buffer;
  /** False if the file was not written the way CRIU writes: encoding gives the same values in other bytes. */
  exact: boolean;
}

/** A file whose inside is not ours to know. */
export interface OpaqueImage {
  kind: 'opaque';
  name: string;
  bytes: Buffer;
}

export type AnyImage = { [K in ImageKind]: Image<K> }[ImageKind] | OpaqueImage;

const EMPTY: Buffer = Buffer.alloc(0);

/** Decodes by file name; a file of an unknown name is opaque. Throws HcError with name and offset. */
export function decodeImage(name: string, bytes: Buffer): AnyImage {
  const kind = imageKind(name);
  if (kind === undefined) return { kind: 'opaque', name, bytes };
  // Image<K> of the kind that `kind` holds: a member of the union by construction.
  return decodeImageAs(kind, name, bytes) as AnyImage;
}

/** Decodes an image of a known kind. */
export function decodeImageAs<K extends ImageKind>(kind: K, name: string, bytes: Buffer): Image<K> {
  const spec = kindSpec(kind);
  const reader = new WireReader(name, bytes);
  const prelude = readPrelude(reader, spec.magic);
  const messages: unknown[] = [];
  const extras: Buffer[] = [];
  let rest = EMPTY;
  const head = spec.head === undefined ? undefined : readFramed(reader, spec.head);
  if (kind === 'ghost-file' && !(head as Messages['ghost_file_entry']).chunks)
    rest = reader.take(bytes.length - reader.at, bytes.length);
  while (reader.at < bytes.length) {
    const message = readFramed(reader, spec.message);
    messages.push(message);
    if (hasExtras(kind))
      extras.push(reader.take(extraSize(kind, message, reader, bytes.length), bytes.length));
  }
  // The table pairs the kind with the types of its messages.
  const typed = { head: head as HeadOf<K>, messages: messages as MessageOf<K>[] };
  return { kind, name, prelude, ...typed, extras, rest, exact: reader.exact };
}

function readPrelude(reader: WireReader, magic: number): Buffer {
  const { bytes } = reader;
  const first = reader.u32(bytes.length);
  const prefixed = first === COMMON_MAGIC || first === SERVICE_MAGIC;
  const own = prefixed ? reader.u32(bytes.length) : first;
  if (own !== magic) reader.fail(`magic number ${hex(own)} instead of ${hex(magic)}`, prefixed ? 4 : 0);
  return bytes.subarray(0, reader.at);
}

function readFramed<N extends MessageName>(reader: WireReader, name: N): Messages[N] {
  const end = reader.bytes.length;
  const size = reader.u32(end);
  if (size > end - reader.at) reader.fail(`${name}: ${size} bytes expected, ${end - reader.at} left`);
  return decodeMessage(name, reader, reader.at + size);
}

/** The file's bytes. Of an unchanged image whose `exact` is true, the very bytes it was decoded from. */
export function encodeImage(image: AnyImage): Buffer {
  if (image.kind === 'opaque') return image.bytes;
  const { name, kind, prelude, head, messages, extras, rest } = image;
  const spec = kindSpec(kind);
  if (hasExtras(kind) && extras.length !== messages.length)
    throw new TypeError(`${name}: ${messages.length} messages, but data for ${extras.length}`);
  const writer = new WireWriter(1024);
  writer.raw(prelude);
  if (spec.head !== undefined && head !== undefined) writeFramed(writer, spec.head, head);
  for (const [index, message] of messages.entries()) {
    writeFramed(writer, spec.message, message);
    writer.raw(extras[index] ?? EMPTY);
  }
  writer.raw(rest);
  return writer.result();
}

function writeFramed(writer: WireWriter, name: MessageName, message: Messages[MessageName]): void {
  writer.framed(() => writeMessage(writer, name, message));
}

export interface NewImage<K extends ImageKind> {
  head?: HeadOf<K>;
  extras?: Buffer[];
  rest?: Buffer;
}

/** An image from scratch, with the prelude that CRIU 3.17.1 gives this kind. */
export function newImage<K extends ImageKind>(
  kind: K,
  name: string,
  messages: MessageOf<K>[],
  { head, extras = [], rest = EMPTY }: NewImage<K> = {},
): Image<K> {
  const words =
    kind === 'inventory' ? [] : [kind === 'stats' || kind === 'irmap-cache' ? SERVICE_MAGIC : COMMON_MAGIC];
  const prelude = Buffer.concat([...words, kindSpec(kind).magic].map(u32));
  return { kind, name, prelude, head: head as HeadOf<K>, messages, extras, rest, exact: true };
}

/** The message of an image that must hold exactly one. */
export function onlyMessage<K extends ImageKind>(image: Image<K>): MessageOf<K> {
  const [message] = image.messages;
  if (message === undefined || image.messages.length > 1)
    throw new HcError(`${image.name}: ${image.messages.length} entries where one is expected`, {
      hint: 'the image is truncated or damaged; dump again',
    });
  return message;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
