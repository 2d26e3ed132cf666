// SPDX-License-Identifier: GPL-3.0-or-later
import { HcError } from '@h-containers/tool-kit';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { criuVersion, decisiveLines, toArguments } from '../src/index.ts';

const LOG = `(00.000001) Version: 3.17.1 (gitid 0)
(00.001234) Warn  (criu/kerndat.c:1153): $XDG_RUNTIME_DIR not set.
(00.051234)   4242: Error (criu/files-reg.c:2105): File data/app has bad size 10 (expect 20)
(00.051240)   4242: Error (criu/mem.c:1378): \`- Can't open vma
(00.060000) Error (criu/cr-restore.c:1480): 4242 exited, status=1
(00.070000) Error (criu/cr-restore.c:2536): Restoring FAILED.
`;

test('the reason comes first, without time stamps, source places and consequences', () => {
  assert.equal(decisiveLines(LOG), [
    '4242: File data/app has bad size 10 (expect 20)',
    "4242: `- Can't open vma",
  ]);
});

test('a log with nothing but consequences still says something', () => {
  assert.equal(decisiveLines('(00.1) Error (criu/cr-dump.c:2053): Dumping FAILED.\n'), ['Dumping FAILED.']);
});

test('flags that are off are left out', () => {
  assert.equal(toArguments({ tree: '42', 'shell-job': true, 'tcp-established': false }), [
    '--tree=42',
    '--shell-job',
  ]);
});

test('a missing criu is named with the way out', async () => {
  try {
    await criuVersion('/nonexistent/criu');
    assert.unreachable();
  } catch (error) {
    assert.instance(error, HcError);
    assert.match((error as HcError).hint ?? '', 'apt-get install criu');
  }
});

test.run();
