// SPDX-License-Identifier: GPL-3.0-or-later
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { privateSources } from '../src/index.ts';

const sources = (name: string, text: string): string => privateSources([{ name, text }], 'bookworm');

test('a deb822 entry keeps mirror and key, and gains source packages', () => {
  const text =
    'Types: deb\n# a comment\nURIs: http://mirror/debian\nSuites: bookworm bookworm-updates\nComponents: main\nArchitectures: amd64\nSigned-By: /usr/share/keyrings/a.gpg\n';
  assert.is(
    sources('debian.sources', text),
    'Types: deb deb-src\nURIs: http://mirror/debian\nSuites: bookworm bookworm-updates\nComponents: main\nSigned-By: /usr/share/keyrings/a.gpg\n',
  );
});

test('a key inside an entry is kept with all its lines', () => {
  const text =
    'Types: deb\nURIs: http://m\nSuites: bookworm\nComponents: main\nSigned-By:\n -----BEGIN\n .\n abc\n';
  assert.match(sources('x.sources', text), /Signed-By: \n -----BEGIN\n \.\n abc/);
});

test('one-line entries are read, with options; the limit to an architecture is dropped', () => {
  const text =
    '# deb http://off bookworm main\ndeb [arch=amd64 signed-by=/k.gpg] http://m bookworm main contrib # mine\ndeb-src http://m bookworm main\n';
  assert.is(
    sources('sources.list', text),
    'Types: deb deb-src\nURIs: http://m\nSuites: bookworm\nComponents: main contrib\nSigned-By: /k.gpg\n',
  );
});

test('third-party, disabled and source-only entries are left out', () => {
  assert.is(sources('docker.list', 'deb https://download.docker.com/linux/debian bookworm stable\n'), '');
  assert.is(sources('node.sources', 'Types: deb\nURIs: https://n\nSuites: nodistro\nComponents: main\n'), '');
  assert.is(sources('cloud.list', 'deb https://c cloud-sdk-bookworm main\n'), '');
  const disabled = 'Enabled: no\nTypes: deb\nURIs: http://m\nSuites: bookworm\nComponents: main\n';
  assert.is(sources('off.sources', disabled), '');
  assert.is(sources('x.disabled', 'deb http://m bookworm main\n'), '');
});

test.run();
