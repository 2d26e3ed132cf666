// SPDX-License-Identifier: GPL-3.0-or-later
import { type Pagemap, type PageRange, PE_LAZY, PE_PARENT, PE_PRESENT } from '@h-containers/criu-images';
import { HcError } from '@h-containers/tool-kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { checkPagemap, editPages, type PageEdits, type PageOp, planPages } from '../src/index.ts';
import { makeRandom, type Random } from './random.ts';

const PAGE = 4096;

/** Page number -> contents. */
type Model = Map<number, Buffer>;

function encode(model: Model): { map: Pagemap; file: Buffer } {
  const ranges: PageRange[] = [];
  const parts: Buffer[] = [];
  for (const page of [...model.keys()].sort((a, b) => a - b)) {
    const last = ranges.at(-1);
    const start = BigInt(page * PAGE);
    if (last && last.start + BigInt(last.pages * PAGE) === start && page % 7 !== 0) last.pages++;
    else ranges.push({ start, pages: 1, flags: PE_PRESENT, offset: parts.length * PAGE });
    parts.push(model.get(page) ?? Buffer.alloc(PAGE));
  }
  return {
    map: { name: 'pagemap-1.img', pagesId: 1, ranges, size: parts.length * PAGE },
    file: Buffer.concat(parts),
  };
}

function decode(ranges: readonly PageRange[], file: Buffer): Model {
  const model: Model = new Map();
  let end = -1n;
  for (const { start, pages, offset } of ranges) {
    assert.ok(start >= end, 'ranges ascend');
    end = start + BigInt(pages * PAGE);
    for (let i = 0; i < pages; i++) {
      const at = (offset ?? Number.NaN) + i * PAGE;
      model.set(Number(start) / PAGE + i, file.subarray(at, at + PAGE));
    }
  }
  return model;
}

function edit(model: Model, { drop, write }: PageEdits): Model {
  const edited: Model = new Map([...model].map(([page, bytes]) => [page, Buffer.from(bytes)]));
  for (const { start, end } of drop)
    for (let page = Number(start) / PAGE; page < Number(end) / PAGE; page++) edited.delete(page);
  for (const { address, bytes } of write)
    for (const [i, byte] of bytes.entries()) {
      const at = Number(address) + i;
      const page = Math.floor(at / PAGE);
      const contents = edited.get(page) ?? Buffer.alloc(PAGE);
      contents[at % PAGE] = byte;
      edited.set(page, contents);
    }
  return edited;
}

async function apply(file: Buffer, ops: readonly PageOp[], random: Random): Promise<Buffer> {
  async function* chunks() {
    for (let at = 0; at < file.length; ) {
      const length = random.between(1, 3 * PAGE);
      yield file.subarray(at, at + length);
      at += length;
    }
  }
  const out: Buffer[] = [];
  for await (const chunk of editPages(chunks(), ops, 'pages-1.img')) out.push(chunk);
  return Buffer.concat(out);
}

function randomEdits(random: Random): PageEdits {
  const drop = Array.from({ length: random.between(0, 4) }, () => {
    const start = random.between(0, 60);
    return { start: BigInt(start * PAGE), end: BigInt((start + random.between(0, 12)) * PAGE) };
  });
  const write: { address: bigint; bytes: Buffer }[] = [];
  for (let at = random.between(0, 5 * PAGE); at < 64 * PAGE; at += random.between(1, 16 * PAGE)) {
    const bytes = random.bytes(
      random.between(0, 2) === 0 ? random.between(1, 3 * PAGE) : random.between(0, 16),
    );
    write.push({ address: BigInt(at), bytes });
    at += bytes.length;
  }
  return { drop, write: random.shuffle(write) };
}

test('random edits of random pages give what editing page by page gives', async () => {
  for (let seed = 0; seed < 300; seed++) {
    const random = makeRandom(seed);
    const model: Model = new Map();
    const density = random.between(0, 10);
    for (let page = 0; page < 64; page++)
      if (random.between(0, 10) <= density) model.set(page, Buffer.alloc(PAGE, page + 1));
    const edits = randomEdits(random);
    const { map, file } = encode(model);
    const plan = planPages(map, edits);
    const edited = await apply(file, plan.ops, random);
    assert.is(edited.length, plan.size, `seed ${seed}`);
    assert.is(plan.sourceSize, file.length);
    const actual = decode(plan.ranges, edited);
    const expected = edit(model, edits);
    assert.equal([...actual.keys()].sort(), [...expected.keys()].sort(), `seed ${seed}`);
    for (const [page, bytes] of expected)
      assert.ok(actual.get(page)?.equals(bytes), `seed ${seed}, page ${page}`);
  }
});

test('a large heap is one operation, whatever its size', () => {
  const pages = 1 << 19; // 2 GiB
  const ranges = [{ start: 0x1000_0000n, pages, flags: PE_PRESENT, offset: 0 }];
  const map = { name: 'pagemap-1.img', pagesId: 1, ranges, size: pages * PAGE };
  const plan = planPages(map, { drop: [], write: [{ address: 0x2000_0008n, bytes: Buffer.alloc(8) }] });
  assert.equal(
    plan.ops.map(({ kind }) => kind),
    ['copy', 'skip', 'put', 'copy'],
  );
  assert.is(plan.ranges.length, 1);
});

test('a pages file that is longer or shorter than its pagemap is an error', async () => {
  const { map, file } = encode(new Map([[1, Buffer.alloc(PAGE)]]));
  const { ops } = planPages(map, { drop: [], write: [] });
  for (const bytes of [file.subarray(1), Buffer.concat([file, Buffer.alloc(1)]), Buffer.alloc(0)]) {
    const error = await apply(bytes, ops, makeRandom(0)).catch((e: unknown) => e);
    assert.instance(error, HcError);
  }
});

test('lazy and incremental pages are refused by name', () => {
  const map = (flags: number): Pagemap => ({
    name: 'pagemap-1.img',
    pagesId: 1,
    ranges: [{ start: 0x5000n, pages: 1, flags, offset: undefined }],
    size: 0,
  });
  assert.throws(() => checkPagemap(map(PE_LAZY), 'p'), /^p: page at 0x5000 was left on the source/);
  assert.throws(
    () => checkPagemap(map(PE_PARENT), 'p'),
    /^p: page at 0x5000 is in the images of an earlier pre-dump/,
  );
  checkPagemap({ ...map(PE_PRESENT | PE_LAZY) }, 'p');
});

test.run();
