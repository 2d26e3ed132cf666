// SPDX-License-Identifier: GPL-3.0-or-later
import { readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as abi from '../src/abi.ts';

const header = readFileSync(new URL('../../../native/runtime/include/hc/abi.h', import.meta.url), 'utf8');

/** #define NAME value, as far as the value is a number. */
function constants(): Map<string, bigint> {
  const found = header.matchAll(/^#define (HC_\w+) (0x[0-9a-f]+|\d+)(?:ULL|u)?(?=\s|$)/gim);
  return new Map([...found].map(([, name, value]) => [String(name), BigInt(String(value))]));
}

const types: Record<string, abi.FieldType> = { uint64_t: 'u64', uint32_t: 'u32', int32_t: 'i32' };

/** Fields of a struct with the offsets that a C compiler gives them. */
function fields(struct: string): abi.Layout {
  const body = new RegExp(`struct ${struct} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
  const layout: Record<string, readonly [number, abi.FieldType]> = {};
  let offset = 0;
  for (const [, type, name] of body.matchAll(/^\s*(u?int\d+_t) (\w+);/gm)) {
    const fieldType = types[String(type)];
    assert.ok(fieldType, `type ${type} of ${struct}.${name}`);
    const size = fieldType === 'u64' ? 8 : 4;
    offset = Math.ceil(offset / size) * size;
    layout[String(name)] = [offset, fieldType];
    offset += size;
  }
  return layout;
}

test('every constant of abi.h has its value in abi.ts, and there are no others', () => {
  const mirror = new Map(
    Object.entries(abi).flatMap(([name, value]) =>
      name.startsWith('HC_') && typeof value !== 'function' ? [[name, BigInt(value as bigint)] as const] : [],
    ),
  );
  assert.ok(mirror.size > 20);
  assert.equal([...mirror].sort(), [...constants()].sort());
});

test('every struct of abi.h has its fields, offsets and types in abi.ts', () => {
  assert.equal(abi.control, fields('hc_control'));
  assert.equal(abi.identity, fields('hc_identity'));
  assert.equal(abi.thread, fields('hc_thread'));
  assert.equal(abi.site, fields('hc_site'));
  assert.equal(abi.sitesHeader, fields('hc_sites_header'));
});

test('the control block and the identities fill its page', () => {
  assert.is(abi.HC_IDENTITIES_ADDRESS, abi.HC_CONTROL_ADDRESS + BigInt(abi.sizeOf(abi.control)));
  const size = abi.sizeOf(abi.control) + abi.HC_IDENTITIES_MAX * abi.sizeOf(abi.identity);
  assert.ok(size <= 4096 && size + abi.sizeOf(abi.identity) > 4096);
});

test('offsets in the comments of abi.h are the real ones', () => {
  for (const struct of ['hc_control', 'hc_identity', 'hc_thread', 'hc_site']) {
    const body = new RegExp(`struct ${struct} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
    const layout = fields(struct);
    for (const [, name, offset] of body.matchAll(/^\s*\w+ (\w+);\s*\/\*\s*(\d+) /gm))
      assert.is(layout[String(name)]?.[0], Number(offset), `${struct}.${name}`);
  }
});

test('structs read back what was written to them, and other bytes stay', () => {
  const bytes = new Uint8Array(abi.sizeOf(abi.thread) + 16).fill(0xee);
  abi.writeStruct(abi.thread, bytes, { tid: 7, sp: 0x1000002000n }, 8);
  const read = abi.readStruct(abi.thread, bytes, 8);
  assert.is(read.tid, 7);
  assert.is(read.sp, 0x1000002000n);
  assert.is(read.pc, 0xeeeeeeeeeeeeeeeen);
  assert.is(bytes[7], 0xee);
});

test.run();
