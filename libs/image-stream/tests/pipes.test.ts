// SPDX-License-Identifier: GPL-3.0-or-later
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { asBuffers, IMAGES, inDirectory, readFiles, shell, writeFiles } from './helpers.ts';

test('directory, pipe, directory; and tar understands the stream', () =>
  inDirectory(async (top) => {
    await writeFiles(join(top, 'in'), IMAGES);
    const { code, out, err } = await shell(
      '$PASS --in $DIR/in | tee >(tar t > $DIR/list) | $PASS | $PASS --out $DIR/out',
      top,
    );
    assert.is(code, 0, err);
    assert.is(out, '');
    assert.is(await readFile(join(top, 'list'), 'utf8'), `${Object.keys(IMAGES).join('\n')}\n`);
    assert.equal(await readFiles(join(top, 'out')), asBuffers(IMAGES));
  }));

for (const format of ['ustar', 'gnu', 'pax', 'v7']) {
  test(`what GNU tar packs as ${format} is read`, () =>
    inDirectory(async (top) => {
      await writeFiles(join(top, 'in'), IMAGES);
      const { code, err } = await shell(
        `tar c --format=${format} -C $DIR/in . | $PASS --out $DIR/out && tar c --format=${format} -C $DIR/in . | $PASS | tar x -C $DIR`,
        top,
      );
      assert.is(code, format === 'v7' ? 1 : 0, err);
      // Old archives lack the magic word that tells them from other data.
      if (format === 'v7') assert.match(err, /not an image stream/);
      else assert.equal(await readFiles(join(top, 'out')), asBuffers(IMAGES));
    }));
}

test('a compressed stream is not taken for images', () =>
  inDirectory(async (top) => {
    await writeFiles(join(top, 'in'), IMAGES);
    const { code, err } = await shell('tar cz -C $DIR/in . | $PASS | cat', top);
    assert.is(code, 1);
    assert.match(err, /not an image stream \(tar\)|ends in the first header/);
  }));

test('a full disk is an error, for a stream and for a directory', () =>
  inDirectory(async (top) => {
    await writeFiles(join(top, 'in'), { ...IMAGES, 'pages-1.img': Buffer.alloc(3_000_000) });
    const stream = await shell('$PASS --in $DIR/in > /dev/full', top);
    assert.is(stream.code, 1);
    assert.match(stream.err, /standard output: no space left on the device/);

    const mount = 'mkdir $DIR/small && mount -t tmpfs -o size=1m tmpfs $DIR/small';
    if ((await shell(`unshare -rm sh -c '${mount}'`, top)).code !== 0) return; // no user namespaces here
    const directory = await shell(
      `rmdir $DIR/small; unshare -rm bash -c '${mount} && { $PASS --in $DIR/in --out $DIR/small/out; code=$?; ls -A $DIR/small; exit $code; }'`,
      top,
    );
    assert.is(directory.code, 1, directory.err);
    assert.match(directory.err, /small\/out\/pages-1\.img: no space left on the device/);
    assert.is(directory.out, '');
  }));

test('a reader that goes away is an error', () =>
  inDirectory(async (top) => {
    await writeFiles(join(top, 'in'), { ...IMAGES, 'pages-1.img': Buffer.alloc(3_000_000) });
    const { err } = await shell('$PASS --in $DIR/in | head -c 100 > /dev/null', top);
    assert.match(err, /standard output: the reader went away before the end/);
  }));

test('an interrupted tool leaves neither output nor spool files', () =>
  inDirectory(async (top) => {
    await writeFiles(join(top, 'in'), IMAGES);
    const { out, err } = await shell(
      `export TMPDIR=$DIR/tmp; mkdir $TMPDIR
      { tar c -C $DIR/in .; sleep 20 & echo $! > $DIR/sleep; wait; } | $PASS --out $DIR/out & pass=$!
      until ls $TMPDIR/hc-spool-*/* > /dev/null 2>&1; do sleep 0.05; done
      kill -TERM $pass; while kill -0 $pass 2> /dev/null; do sleep 0.05; done
      kill $(cat $DIR/sleep); wait $pass; echo code $?`,
      top,
    );
    assert.match(out, /code 143/, err);
    assert.not.ok((await readdir(join(top, 'tmp'))).some((name) => name.startsWith('hc-')));
    assert.equal((await readdir(top)).sort(), ['in', 'sleep', 'tmp']);
  }));

test('half a gigabyte passes in constant memory', () =>
  inDirectory(async (top) => {
    await writeFiles(join(top, 'in'), { 'core-1.img': 'x' });
    const { code, err } = await shell(
      'truncate -s 500M $DIR/in/pages-1.img; $PASS --in $DIR/in | $PASS --json | wc -c >&2',
      top,
    );
    assert.is(code, 0, err);
    const rss = Number(/"rss":(\d+)/.exec(err)?.[1]);
    assert.ok(rss < 200_000, `${rss} KiB`);
  }));

test.run();
