// SPDX-License-Identifier: GPL-3.0-or-later
import { readdirSync, readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { generateSources } from '../scripts/schema-source.ts';
import { SCHEMA } from '../src/generated/schema.ts';
import { encodeMessage, type Messages } from '../src/index.ts';
import type { MessageName } from '../src/schema.ts';
import { Random, randomMessage } from './random-images.ts';

const DIRECTORY = new URL('../', import.meta.url);
const stored = (name: string) => readFileSync(new URL(`src/generated/${name}.ts`, DIRECTORY), 'utf8');

test('the generated sources are those of proto/*.proto (npm run generate)', () => {
  const { schema, types } = generateSources();
  assert.is(stored('schema'), schema);
  assert.is(stored('types'), types);
});

function protobufRoot(): protobuf.Root {
  const root = new protobuf.Root();
  const directory = new URL('proto/', DIRECTORY);
  for (const file of readdirSync(directory))
    protobuf.parse(readFileSync(new URL(file, directory), 'utf8'), root, { keepCase: true });
  root.resolveAll();
  return root;
}

test('protobufjs reads what we write, and writes the same bytes', () => {
  const root = protobufRoot();
  const random = new Random(4);
  for (const name of Object.keys(SCHEMA) as MessageName[]) {
    for (let round = 0; round < 20; round++) {
      const message = randomMessage(name, random);
      if (JSON.stringify(message, unsafe).includes('\\udc')) continue; // not UTF-8: protobufjs cannot
      const bytes = encodeMessage(name, message as unknown as Messages[MessageName]);
      const type = root.lookupType(name);
      const again = type.encode(type.decode(bytes)).finish();
      assert.ok(
        bytes.equals(again),
        `${name}\n${bytes.toString('hex')}\n${Buffer.from(again).toString('hex')}`,
      );
    }
  }
});

/** JSON.stringify replacer: bigint is no JSON. */
function unsafe(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value;
}

test('a value that does not fit its field is refused with the field named', () => {
  const entry = { cwd_id: 1, root_id: 2 };
  assert.throws(
    () => encodeMessage('fs_entry', { ...entry, umask: -1 }),
    /fs_entry\.umask: number -1 is no uint32/,
  );
  assert.throws(() => encodeMessage('fs_entry', { ...entry, umask: 2 ** 32 }), /is no uint32/);
  assert.throws(() => encodeMessage('fs_entry', { ...entry, umask: 1.5 }), /is no uint32/);
  const limit = { cur: 2n ** 64n, max: 0n };
  assert.throws(
    () => encodeMessage('rlimit_entry', limit),
    /rlimit_entry\.cur: bigint 18446744073709551616 is no uint64/,
  );
  assert.throws(() => encodeMessage('rlimit_entry', { max: 0n } as never), /rlimit_entry\.cur is missing/);
});

test.run();
