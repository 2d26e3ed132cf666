// SPDX-License-Identifier: GPL-3.0-or-later
import { SCHEMA } from './generated/schema.ts';
import type { Messages } from './generated/types.ts';

export type MessageName = keyof Messages;

/** Scalar types of proto2 that CRIU's images use; 'message' for everything nested. */
export type FieldKind =
  | 'bool'
  | 'enum'
  | 'uint32'
  | 'int32'
  | 'sint32'
  | 'fixed32'
  | 'uint64'
  | 'int64'
  | 'sint64'
  | 'fixed64'
  | 'string'
  | 'bytes'
  | 'message';

export interface Field {
  number: number;
  name: string;
  kind: FieldKind;
  /** Of a nested message. */
  message: MessageName | undefined;
  repeated: boolean;
  required: boolean;
  wireType: number;
}

export interface Schema {
  name: MessageName;
  /** In the order of their numbers, which is the order CRIU writes them in. */
  fields: readonly Field[];
  byNumber: readonly (Field | undefined)[];
}

/** Protocol Buffers wire types. */
export const VARINT = 0;
export const FIXED64 = 1;
export const BYTES = 2;
export const FIXED32 = 5;

const WIRE_TYPES: Record<FieldKind, number> = {
  bool: VARINT,
  enum: VARINT,
  uint32: VARINT,
  int32: VARINT,
  sint32: VARINT,
  uint64: VARINT,
  int64: VARINT,
  sint64: VARINT,
  fixed64: FIXED64,
  fixed32: FIXED32,
  string: BYTES,
  bytes: BYTES,
  message: BYTES,
};

function isMessageName(type: string): type is MessageName {
  return Object.hasOwn(SCHEMA, type);
}

function isFieldKind(type: string): type is FieldKind {
  return Object.hasOwn(WIRE_TYPES, type);
}

const parsed = new Map<MessageName, Schema>();

/** Each message is parsed when it is first met: a tool sees a few of them only. */
export function schemaOf(name: MessageName): Schema {
  const known = parsed.get(name);
  if (known !== undefined) return known;
  const fields = SCHEMA[name].split(',').map(parseField);
  const byNumber: (Field | undefined)[] = [];
  for (const field of fields) byNumber[field.number] = field;
  const schema = { name, fields, byNumber };
  parsed.set(name, schema);
  return schema;
}

function parseField(text: string): Field {
  const [number = '', name = '', type = '', rule = ''] = text.split(' ');
  const message = isMessageName(type) ? type : undefined;
  const kind = message === undefined ? type : 'message';
  if (!isFieldKind(kind)) throw new Error(`schema: field ${name} has the unknown type ${type}`);
  return {
    number: Number(number),
    name,
    kind,
    message,
    repeated: rule === 'repeated',
    required: rule === 'required',
    wireType: WIRE_TYPES[kind],
  };
}
