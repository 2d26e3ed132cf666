// SPDX-License-Identifier: GPL-3.0-or-later
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HcError } from '@h-containers/tool-kit';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  buildIdPath,
  bundleAround,
  bundleDirectories,
  decodeSites,
  encodeSites,
  findBundle,
  formatManifest,
  openBundle,
  parseManifest,
  type SiteTables,
} from '../src/index.ts';
import { makeBundle, makeManifest } from './make-bundle.ts';

const id = '0123456789abcdef0123456789abcdef01234567';
const row = { dataFrame: 32, dynamic: false };
const tables: SiteTables = {
  'x86-64': [
    { address: 0x401100n, id: 1, nativeFrame: 24, returnSlot: -8, ...row },
    { address: 0x401010n, id: 0, nativeFrame: 8, returnSlot: -8, ...row, dynamic: true },
  ],
  aarch64: [
    { address: 0x401020n, id: 0, nativeFrame: 16, returnSlot: -8, ...row },
    { address: 0x401200n, id: 1, nativeFrame: 32, returnSlot: -24, ...row },
  ],
};

const test = suite<{ dir: string }>('bundle');
test.before.each((context) => {
  context.dir = mkdtempSync(join(tmpdir(), 'hc-bundle-'));
});
test.after.each(({ dir }) => rmSync(dir, { recursive: true }));

async function messageOf(work: Promise<unknown>): Promise<string> {
  const outcome = await work.catch((error: unknown) => error);
  assert.instance(outcome, HcError);
  return (outcome as HcError).message;
}

test('call sites come back from sites.bin, each part sorted by address', () => {
  const decoded = decodeSites(encodeSites(tables), 'sites.bin');
  assert.equal(decoded.aarch64, tables.aarch64);
  assert.equal(decoded['x86-64'], tables['x86-64'].toReversed());
});

test('a sites.bin of the wrong length or kind is named', () => {
  const bytes = encodeSites(tables);
  const message = (b: Uint8Array) => {
    try {
      decodeSites(b, 'sites.bin');
    } catch (error) {
      return (error as Error).message;
    }
    return 'no error';
  };
  assert.is(message(bytes.subarray(0, 7)), 'sites.bin: shorter than its header');
  assert.is(message(bytes.subarray(0, 20)), 'sites.bin: 20 bytes instead of 112');
  assert.is(message(Buffer.alloc(16)), 'sites.bin: not a call-site table');
});

test('a manifest survives a round trip', () => {
  const manifest = makeManifest(id);
  assert.equal(parseManifest(formatManifest(manifest), 'manifest.json'), manifest);
});

test('each wrong field of a manifest is named', () => {
  const wrong = { format: 2, bundleId: 'xyz', isas: ['mips'], points: 'often', fileSize: -1, entry: 'main' };
  for (const [name, value] of Object.entries(wrong)) {
    const text = JSON.stringify({ ...makeManifest(id), [name]: value });
    assert.throws(
      () => parseManifest(text, 'manifest.json'),
      (error: Error) => error.message.startsWith(`manifest.json: "${name}" should be `),
    );
  }
  for (const text of ['', '[]', 'null', '{"format":1'])
    assert.throws(
      () => parseManifest(text, 'm'),
      (error: Error) => error.message.startsWith('m: '),
    );
});

test('a bundle is found by build-id: in .build-id, in any subdirectory, and around its executable', async ({
  dir,
}) => {
  for (const place of [buildIdPath(id), 'a/b/c', '.']) {
    const directory = join(dir, place.replace(/\W/g, '_'), place);
    makeBundle(directory, { bundleId: id, tables });
    const root = join(dir, place.replace(/\W/g, '_'));
    const found = await findBundle({ buildId: id, directories: [root] });
    assert.is(found?.directory && join(found.directory), join(directory));
  }
  const executable = join(dir, 'a_b_c/a/b/c/aarch64/app');
  const found = await findBundle({ buildId: id, directories: [], executable });
  assert.is(found?.directory, join(dir, 'a_b_c/a/b/c'));
});

test('other build-ids and foreign manifest.json files are passed over', async ({ dir }) => {
  makeBundle(join(dir, 'one'), { bundleId: id, tables });
  mkdirSync(join(dir, 'extension'));
  writeFileSync(join(dir, 'extension/manifest.json'), '{"name": "something else"');
  assert.is(await findBundle({ buildId: 'f'.repeat(40), directories: [dir, join(dir, 'none')] }), undefined);
});

test('executables are checked against the manifest', async ({ dir }) => {
  makeBundle(dir, { bundleId: id, tables });
  const bundle = await openBundle(dir);
  await bundle.check('x86-64');
  await bundle.check('aarch64');
  appendFileSync(bundle.executable('aarch64'), 'x');
  assert.is(
    await messageOf(bundle.check('aarch64')),
    `${bundle.executable('aarch64')}: size is 4097, but manifest.json says 4096`,
  );
  rmSync(bundle.executable('x86-64'));
  assert.ok((await messageOf(bundle.check('x86-64'))).endsWith('no such file or directory'));
});

test('names lead from a call site to function, file and line; unknown ids to nothing', async ({ dir }) => {
  const names = {
    functions: ['main', 'work'],
    sites: [
      [0, 'a.c', 3],
      [1, 'b.c', 9],
      [7, 'c.c', 1],
    ],
  };
  makeBundle(dir, { bundleId: id, tables, names: names as never });
  const read = await (await openBundle(dir)).names();
  assert.equal(read.site(1), { function: 'work', file: 'b.c', line: 9 });
  assert.is(read.site(2), undefined);
  assert.is(read.site(99), undefined);
  rmSync(join(dir, 'names.json'));
  assert.is((await (await openBundle(dir)).names()).site(1), undefined);
});

test('--bundles beats $HC_BUNDLES, which beats the default', () => {
  assert.equal(bundleDirectories(['a', 'b'], { HC_BUNDLES: 'c' }), ['a', 'b']);
  assert.equal(bundleDirectories([], { HC_BUNDLES: 'c:d' }), ['c', 'd']);
  assert.equal(bundleDirectories([], {}), ['/var/lib/hc/bundles']);
  assert.is(bundleAround('/opt/x/x86-64/app'), '/opt/x');
  assert.is(bundleAround('/opt/x/app'), undefined);
});

test.run();
