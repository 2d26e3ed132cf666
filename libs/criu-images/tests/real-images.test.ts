// SPDX-License-Identifier: GPL-3.0-or-later
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type AnyImage,
  decodeImage,
  decodePagemap,
  encodeImage,
  FD_TYPES,
  type Image,
  type ImageKind,
  MARCH,
} from '../src/index.ts';

// fixtures/everything.c, dumped by CRIU 3.17.1 in both guests (fixtures/make.ts).
const FIXTURES = new URL('fixtures/everything/', import.meta.url);
const ISAS = ['x86-64', 'aarch64'] as const;

const names = (isa: string) => readdirSync(new URL(isa, FIXTURES)).sort();
const bytesOf = (isa: string, name: string) => readFileSync(new URL(`${isa}/${name}`, FIXTURES));

/** Every image of a kind. */
function images<K extends ImageKind>(isa: string, kind: K): Image<K>[] {
  return names(isa)
    .map((name): AnyImage => decodeImage(name, bytesOf(isa, name)))
    .filter((image): image is Extract<AnyImage, { kind: K }> => image.kind === kind) as unknown as Image<K>[];
}

function hasUnknown(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Buffer.isBuffer(value)) return false;
  return '$unknown' in value || Object.values(value).some(hasUnknown);
}

for (const isa of ISAS) {
  test(`${isa}: every file of a real dump is the same again, byte for byte`, () => {
    for (const name of names(isa)) {
      const bytes = bytesOf(isa, name);
      assert.ok(encodeImage(decodeImage(name, bytes)).equals(bytes), name);
    }
  });

  test(`${isa}: every file but the pages is understood, without a field left over`, () => {
    for (const name of names(isa)) {
      const image = decodeImage(name, bytesOf(isa, name));
      assert.is(image.kind === 'opaque', name.startsWith('pages-'), name);
      if (image.kind !== 'opaque') assert.ok(image.exact, name);
      assert.not(hasUnknown(image), name);
    }
  });

  test(`${isa}: what the program holds is found in the images`, () => {
    const cores = images(isa, 'core').map(({ messages }) => messages[0]);
    assert.ok(cores.every((core) => core?.mtype === (isa === 'x86-64' ? MARCH.X86_64 : MARCH.AARCH64)));
    const running = cores.filter((core) => core?.thread_core !== undefined);
    assert.is(running.length, 4);
    assert.ok(
      running.every((core) => (isa === 'x86-64' ? core?.thread_info : core?.ti_aarch64) !== undefined),
    );

    const tree = images(isa, 'pstree').flatMap(({ messages }) => messages);
    assert.equal(
      tree.map(({ threads }) => threads.length),
      [3, 1, 1],
    );

    const files = images(isa, 'files').flatMap(({ messages }) => messages);
    const kinds = new Set(files.map(({ type }) => type));
    for (const type of [
      'REG',
      'PIPE',
      'FIFO',
      'INETSK',
      'UNIXSK',
      'EVENTFD',
      'EVENTPOLL',
      'INOTIFY',
    ] as const)
      assert.ok(kinds.has(FD_TYPES[type]), type);
    for (const type of ['SIGNALFD', 'TTY', 'NETLINKSK', 'TIMERFD', 'MEMFD'] as const)
      assert.ok(kinds.has(FD_TYPES[type]), type);
    const regular = files.find(({ reg }) => reg?.name.endsWith('/regular') && reg.pos === 4n);
    assert.is(regular?.reg?.size, 10n);

    const extras = (kind: ImageKind) =>
      images(isa, kind).flatMap((image) => image.extras.map((extra) => extra.toString('latin1')));
    assert.equal(extras('pipes-data'), ['in the pipe']);
    assert.equal(extras('fifo-data'), ['in the fifo']);
    assert.equal(extras('sk-queues').sort(), ['first', 'queued', 'second']);
    assert.equal(extras('tcp-stream').sort(), ['towards the client', 'towards the server']);
    assert.is(images(isa, 'ghost-file')[0]?.rest.toString(), 'still here');
    assert.match(extras('ipcns-msg')[0] ?? '', /hello\0\0\0$/);
    assert.is(extras('ipcns-sem')[0], '\0'.repeat(8));
    assert.is(images(isa, 'tty-data')[0]?.messages[0]?.data.toString(), 'to the master\r\n');
  });

  test(`${isa}: pagemaps account for every byte of the pages files`, () => {
    const sizes = new Map<number, number>();
    for (const name of names(isa).filter((each) => each.startsWith('pagemap-'))) {
      const { pagesId, size, ranges } = decodePagemap(name, bytesOf(isa, name));
      sizes.set(pagesId, (sizes.get(pagesId) ?? 0) + size);
      assert.ok(ranges.length > 0, name);
    }
    for (const [id, size] of sizes)
      assert.is(statSync(new URL(`${isa}/pages-${id}.img`, FIXTURES)).size, size);
    assert.is(sizes.size, names(isa).filter((each) => each.startsWith('pages-')).length);
  });
}

test('damage to real images is noticed or survived', () => {
  for (const isa of ISAS) {
    for (const name of names(isa).filter((each) => !each.startsWith('pages-'))) {
      const whole = bytesOf(isa, name);
      for (let at = 0; at < whole.length; at += 3) {
        const bytes = Buffer.from(whole);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << (at % 8));
        attempt(name, bytes);
        attempt(name, whole.subarray(0, at));
      }
    }
  }
});

function attempt(name: string, bytes: Buffer): void {
  try {
    const image = decodeImage(name, bytes);
    if (image.kind !== 'opaque' && image.exact) assert.ok(encodeImage(image).equals(bytes));
  } catch (error) {
    assert.match((error as Error).message, new RegExp(`^${name}: offset \\d+: `));
  }
}

test.run();
