// SPDX-License-Identifier: GPL-3.0-or-later
import type { Messages } from './generated/types.ts';
import type { Message, UnknownField } from './message.ts';
import { type Field, type MessageName, schemaOf } from './schema.ts';
import { bytesFromText } from './text.ts';
import { WireWriter } from './wire-writer.ts';

/** Fields in the order of their numbers, as protobuf-c writes them; unknown ones in between. */
export function encodeMessage<N extends MessageName>(name: N, message: Messages[N]): Buffer {
  const writer = new WireWriter();
  writeMessage(writer, name, message);
  return writer.result();
}

export function writeMessage<N extends MessageName>(writer: WireWriter, name: N, message: Messages[N]): void {
  const { $unknown } = message as Message;
  const unknown = $unknown === undefined ? NONE : [...$unknown].sort((a, b) => a.number - b.number);
  let next = 0;
  for (const field of schemaOf(name).fields) {
    for (
      let other = unknown[next];
      other !== undefined && other.number < field.number;
      other = unknown[++next]
    )
      writer.raw(other.bytes);
    const stored = (message as Record<string, unknown>)[field.name];
    if (field.repeated) {
      if (!Array.isArray(stored)) throw missing(name, field);
      for (const each of stored) writeField(writer, name, field, each);
    } else if (stored !== undefined) writeField(writer, name, field, stored);
    else if (field.required) throw missing(name, field);
  }
  for (; next < unknown.length; next++) writer.raw(unknown[next]?.bytes ?? EMPTY);
}

const NONE: readonly UnknownField[] = [];
const EMPTY = Buffer.alloc(0);

function writeField(writer: WireWriter, name: MessageName, field: Field, value: unknown): void {
  writer.varint32(field.number * 8 + field.wireType);
  writeValue(writer, name, field, value);
}

function writeValue(writer: WireWriter, name: MessageName, field: Field, value: unknown): void {
  switch (field.kind) {
    case 'uint32':
      writer.varint32(isIntegerIn(value, 0, 0xffff_ffff) ? value : wrong(name, field, value));
      break;
    case 'uint64':
      writer.varint64(isBigintIn(value, 0n, MAX_UINT64) ? value : wrong(name, field, value));
      break;
    case 'bool':
      writer.varint32(typeof value === 'boolean' ? Number(value) : wrong(name, field, value));
      break;
    case 'int32':
    case 'enum': {
      const number = isIntegerIn(value, -0x8000_0000, 0x7fff_ffff) ? value : wrong(name, field, value);
      // Negative numbers take ten bytes: they are extended to 64 bits.
      if (number < 0) writer.varint64(BigInt.asUintN(64, BigInt(number)));
      else writer.varint32(number);
      break;
    }
    case 'sint32': {
      const number = isIntegerIn(value, -0x8000_0000, 0x7fff_ffff) ? value : wrong(name, field, value);
      writer.varint32((number << 1) ^ (number >> 31));
      break;
    }
    case 'int64':
      writer.varint64(
        BigInt.asUintN(64, isBigintIn(value, MIN_INT64, MAX_INT64) ? value : wrong(name, field, value)),
      );
      break;
    case 'sint64': {
      const number = isBigintIn(value, MIN_INT64, MAX_INT64) ? value : wrong(name, field, value);
      writer.varint64(BigInt.asUintN(64, (number << 1n) ^ (number >> 63n)));
      break;
    }
    case 'fixed32':
      writer.u32(isIntegerIn(value, 0, 0xffff_ffff) ? value : wrong(name, field, value));
      break;
    case 'fixed64':
      writer.u64(isBigintIn(value, 0n, MAX_UINT64) ? value : wrong(name, field, value));
      break;
    case 'string':
      writeBytes(writer, typeof value === 'string' ? bytesFromText(value) : wrong(name, field, value));
      break;
    case 'bytes':
      writeBytes(writer, value instanceof Uint8Array ? value : wrong(name, field, value));
      break;
    case 'message': {
      const { message } = field;
      if (message === undefined || typeof value !== 'object' || value === null) wrong(name, field, value);
      else writer.delimited(() => writeMessage(writer, message, value as Messages[MessageName]));
    }
  }
}

function writeBytes(writer: WireWriter, bytes: Uint8Array): void {
  writer.varint32(bytes.length);
  writer.raw(bytes);
}

const MAX_UINT64 = 2n ** 64n - 1n;
const MAX_INT64 = 2n ** 63n - 1n;
const MIN_INT64 = -(2n ** 63n);

function isIntegerIn(value: unknown, min: number, max: number): value is number {
  return Number.isInteger(value) && typeof value === 'number' && value >= min && value <= max;
}

function isBigintIn(value: unknown, min: bigint, max: bigint): value is bigint {
  return typeof value === 'bigint' && value >= min && value <= max;
}

function missing(name: MessageName, field: Field): TypeError {
  return new TypeError(`${name}.${field.name} is missing`);
}

function wrong(name: MessageName, field: Field, value: unknown): never {
  throw new TypeError(`${name}.${field.name}: ${describe(value)} is no ${field.kind}`);
}

function describe(value: unknown): string {
  return typeof value === 'object'
    ? value === null
      ? 'null'
      : 'an object'
    : `${typeof value} ${String(value)}`;
}
