// SPDX-License-Identifier: GPL-3.0-or-later
import { readdirSync, readFileSync } from 'node:fs';
import protobuf from 'protobufjs';

const PROTO_DIRECTORY = new URL('../proto/', import.meta.url);
const LINE_WIDTH = 110;

/** proto/*.proto -> the two generated sources. The tools need neither protobufjs nor the .proto files to run. */
export function generateSources(): { schema: string; types: string } {
  const root = new protobuf.Root();
  for (const file of readdirSync(PROTO_DIRECTORY).sort())
    protobuf.parse(readFileSync(new URL(file, PROTO_DIRECTORY), 'utf8'), root, { keepCase: true });
  root.resolveAll();
  const types = collect(root).filter((each) => each instanceof protobuf.Type);
  const enums = collect(root).filter((each) => each instanceof protobuf.Enum);
  return { schema: schemaSource(types), types: typesSource(types, enums) };
}

const BANNER =
  '// SPDX-License-Identifier: GPL-3.0-or-later\n// Generated from proto/*.proto by npm run generate. Do not edit.\n';

function collect(namespace: protobuf.NamespaceBase): protobuf.ReflectionObject[] {
  return namespace.nestedArray.flatMap((each) =>
    each instanceof protobuf.Namespace ? [each, ...collect(each)] : [each],
  );
}

function fieldsOf(type: protobuf.Type): protobuf.Field[] {
  return [...type.fieldsArray].sort((a, b) => a.id - b.id);
}

/** One string per message: "number name type rule", comma-separated, in the order CRIU writes them. */
function schemaSource(types: protobuf.Type[]): string {
  const lines = types.map((type) => {
    const text = fieldsOf(type).map(fieldText).join(',');
    const line = `  ${type.name}: '${text}',`;
    return line.length <= LINE_WIDTH ? line : `  ${type.name}:\n    '${text}',`;
  });
  return `${BANNER}\nexport const SCHEMA = {\n${lines.join('\n')}\n} as const;\n`;
}

function fieldText(field: protobuf.Field): string {
  const type = field.resolvedType instanceof protobuf.Enum ? 'enum' : field.type;
  const rule = field.repeated
    ? field.packed
      ? 'packed'
      : 'repeated'
    : field.required
      ? 'required'
      : 'optional';
  return `${field.id} ${field.name} ${type} ${rule}`;
}

const SCALARS: Record<string, string> = {
  bool: 'boolean',
  string: 'string',
  bytes: 'Buffer',
  uint32: 'number',
  int32: 'number',
  sint32: 'number',
  fixed32: 'number',
  uint64: 'bigint',
  int64: 'bigint',
  sint64: 'bigint',
  fixed64: 'bigint',
};

function typesSource(types: protobuf.Type[], enums: protobuf.Enum[]): string {
  const enumSources = enums.map((each) => {
    const values = Object.entries(each.values).map(([name, value]) => `  ${name}: ${value},`);
    return `export const ${constantName(each.name)} = {\n${values.join('\n')}\n} as const;\n`;
  });
  const interfaces = types.map((type) => {
    const fields = fieldsOf(type).map((field) => `  ${fieldType(field)};`);
    return `export interface ${typeName(type.name)} extends Message {\n${fields.join('\n')}\n}\n`;
  });
  const names = types.map((type) => `  ${type.name}: ${typeName(type.name)};`);
  return [
    `${BANNER}import type { Message } from '../message.ts';\n`,
    ...enumSources,
    ...interfaces,
    `/** Message name in proto/*.proto -> its TypeScript type. */\nexport interface Messages {\n${names.join('\n')}\n}\n`,
  ].join('\n');
}

function fieldType(field: protobuf.Field): string {
  const scalar = field.resolvedType instanceof protobuf.Enum ? 'number' : SCALARS[field.type];
  const type = scalar ?? typeName(field.type);
  if (field.repeated) return `${field.name}: ${type}[]`;
  return field.required ? `${field.name}: ${type}` : `${field.name}?: ${type} | undefined`;
}

/** mm_entry -> MmEntry */
function typeName(name: string): string {
  return name.replace(/(^|_)([a-z])/g, (_match, _underscore, letter: string) => letter.toUpperCase());
}

/** fd_types -> FD_TYPES, TtyType -> TTY_TYPE */
function constantName(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1_$2').toUpperCase();
}
