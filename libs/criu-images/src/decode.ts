// SPDX-License-Identifier: GPL-3.0-or-later
import type { Messages } from './generated/types.ts';
import type { UnknownField } from './message.ts';
import { BYTES, FIXED32, FIXED64, type Field, type MessageName, schemaOf, VARINT } from './schema.ts';
import { textFromBytes } from './text.ts';
import { type WireReader, zigzag32, zigzag64 } from './wire-reader.ts';

/** Messages nest three deep in practice; cgroup_dir_entry as deep as the cgroups. */
const MAX_DEPTH = 64;

type Decoded = Record<string, unknown> & { $unknown?: UnknownField[] };

/** Decodes the message that ends at `end`. */
export function decodeMessage<N extends MessageName>(
  name: N,
  reader: WireReader,
  end: number,
  depth = 0,
): Messages[N] {
  if (depth > MAX_DEPTH) reader.fail(`messages are nested more than ${MAX_DEPTH} deep`);
  const { fields, byNumber } = schemaOf(name);
  const start = reader.at;
  const message: Decoded = {};
  for (const field of fields) if (field.repeated) message[field.name] = [];

  for (let last = 0; reader.at < end; ) {
    const tagAt = reader.at;
    const tag = reader.length(end);
    const number = tag >>> 3;
    const wireType = tag & 7;
    if (number === 0) reader.fail('field number 0', tagAt);
    if (number < last) reader.exact = false;
    last = number;

    const field = byNumber[number];
    if (field === undefined) {
      skip(reader, wireType, end);
      message.$unknown ??= [];
      message.$unknown.push({ number, bytes: reader.bytes.subarray(tagAt, reader.at) });
    } else if (wireType === field.wireType) store(reader, message, field, value(reader, field, end, depth));
    else if (field.repeated && wireType === BYTES) unpack(reader, message, field, end, depth);
    else reader.fail(`${name}.${field.name} has the wrong wire type ${wireType}`, tagAt);
  }

  for (const field of fields)
    if (field.required && message[field.name] === undefined)
      reader.fail(`${name} lacks its field ${field.name}`, start);
  // The schema says which fields exist and of what type they are; the loop above followed it.
  return message as unknown as Messages[N];
}

function store(reader: WireReader, message: Decoded, field: Field, stored: unknown): void {
  const present = message[field.name];
  if (Array.isArray(present)) {
    present.push(stored);
    return;
  }
  // A singular field given twice: the last one counts.
  if (present !== undefined) reader.exact = false;
  message[field.name] = stored;
}

/** Repeated numbers in the packed form, which readers must accept and CRIU does not write. */
function unpack(reader: WireReader, message: Decoded, field: Field, end: number, depth: number): void {
  const size = reader.length(end);
  if (size > end - reader.at) reader.fail(`${field.name} is cut off`);
  const stop = reader.at + size;
  reader.exact = false;
  while (reader.at < stop) store(reader, message, field, value(reader, field, stop, depth));
}

function value(reader: WireReader, field: Field, end: number, depth: number): unknown {
  switch (field.kind) {
    case 'uint32':
      return reader.varint32(end, false);
    case 'uint64':
      return reader.varint64(end);
    case 'bool':
      return reader.bool(end);
    case 'int32':
    case 'enum':
      return reader.varint32(end, true);
    case 'sint32':
      return zigzag32(reader.varint32(end, false));
    case 'int64':
      return BigInt.asIntN(64, reader.varint64(end));
    case 'sint64':
      return zigzag64(reader.varint64(end));
    case 'fixed32':
      return reader.u32(end);
    case 'fixed64':
      return reader.u64(end);
    case 'string':
      return textFromBytes(reader.take(reader.length(end), end));
    case 'bytes':
      return reader.take(reader.length(end), end);
    case 'message':
      return nested(reader, field, end, depth);
  }
}

function nested(reader: WireReader, field: Field, end: number, depth: number): unknown {
  const size = reader.length(end);
  if (size > end - reader.at) reader.fail(`${field.name}: ${size} bytes expected, ${end - reader.at} left`);
  if (field.message === undefined) throw new Error(`schema: ${field.name} names no message`);
  return decodeMessage(field.message, reader, reader.at + size, depth + 1);
}

function skip(reader: WireReader, wireType: number, end: number): void {
  if (wireType === VARINT) reader.varint64(end);
  else if (wireType === FIXED64) reader.take(8, end);
  else if (wireType === BYTES) reader.take(reader.length(end), end);
  else if (wireType === FIXED32) reader.take(4, end);
  else reader.fail(`unknown wire type ${wireType}`);
}
