// SPDX-License-Identifier: GPL-3.0-or-later
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  AptState,
  downloadBinary,
  downloadSource,
  downloadUpstream,
  resolveDependency,
  unpackBinary,
} from '../src/index.ts';

test('a source package is unpacked and patched, once', async () => {
  const [first, second] = await Promise.all([downloadSource('musl'), downloadSource('musl')]);
  assert.is(first, second);
  assert.match(first, /musl-1\.2\.3$/);
  await access(join(first, 'src/malloc'));
});

test("upstream's part of a source package comes without Debian's", async () => {
  const tree = await downloadUpstream('lua5.1');
  await access(join(tree, 'src/lua.c'));
  assert.ok(!(await readdir(tree)).includes('debian'));
});

test('a package of a foreign architecture is fetched and unpacked', async () => {
  const deb = await downloadBinary('musl-dev', 'arm64');
  assert.match(deb, /musl-dev_.*_arm64\.deb$/);
  const folder = await mkdtemp(join(tmpdir(), 'deb-'));
  try {
    await unpackBinary(deb, folder);
    await access(join(folder, 'usr/include/aarch64-linux-musl/stdio.h'));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('a metapackage leads to the package it stands for', async () => {
  const kernel = await resolveDependency('linux-image-cloud-arm64', 'arm64', /^linux-image-6/);
  assert.match(kernel, /^linux-image-6\.1\.\d.*-cloud-arm64$/);
});

test('a package that does not exist is named, with what to do', async () => {
  try {
    await downloadBinary('no-such-package-anywhere', 'amd64');
    assert.unreachable();
  } catch (error) {
    assert.match(String(error), /Can't fetch packages no-such-package-anywhere.*Check the network/s);
  }
});

test("a fresh state works beside another and leaves the machine's lists alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), 'apt-'));
  try {
    const state = new AptState(folder);
    const [one, two] = await Promise.all(
      ['amd64', 'arm64'].map((arch) => state.run('apt-cache', ['policy', `criu:${arch}`], folder)),
    );
    assert.match(one ?? '', /Candidate: 3\.17\.1/);
    assert.match(two ?? '', /Candidate: 3\.17\.1/);
    await access(join(folder, 'lists-fetched'));
  } finally {
    await rm(folder, { recursive: true });
  }
});

test.run();
