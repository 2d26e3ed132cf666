// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDump } from '@h-containers/transform/testing';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BUNDLE_ID, hcXform, makeWorld, readDump, removeWorld, type World, writeDump } from './world.ts';

const test = suite<{ world: World }>('hc-xform');
test.before.each((context) => {
  context.world = makeWorld('x86-64');
});
test.after.each(({ world }) => removeWorld(world));

const tar = async (directory: string, args: string[] = ['.']) =>
  Buffer.from((await execa('tar', ['c', '-C', directory, ...args], { encoding: 'buffer' })).stdout);

async function untar(bytes: Uint8Array, directory: string): Promise<Map<string, Buffer>> {
  mkdirSync(directory);
  // hc/ready belongs to the pipe, not to the images.
  await execa('tar', ['x', '--exclude=hc/ready', '-C', directory], { input: bytes });
  return readDump(directory);
}

function same(a: ReadonlyMap<string, Buffer>, b: ReadonlyMap<string, Buffer>): void {
  assert.equal([...a.keys()], [...b.keys()]);
  for (const [name, bytes] of a) assert.ok(b.get(name)?.equals(bytes), name);
}

test('a directory from plain criu dump becomes one for the other ISA, with a record', async ({
  world: { dir },
}) => {
  const out = join(dir, 'out');
  const run = await hcXform(['--to', 'aarch64', '--in', join(dir, 'images'), '--out', out], { dir });
  assert.is(run.exitCode, 0, run.stderr);
  assert.match(run.stderr, /^hc-xform: x86-64 -> aarch64: 2 processes, 3 threads, \d+ frames, rewritten in /);
  const record = JSON.parse(readFileSync(join(out, 'hc/hc-xform.json'), 'utf8'));
  assert.is(record.from, 'x86-64');
  assert.equal(record.pids, [100, 101]);
  assert.equal(record.bundles, [BUNDLE_ID]);
  assert.is(record.threads, 3);
  assert.ok(existsSync(join(out, 'pages-2.img')));
});

test('stream or directory, shipped stacks or not: the same images', async ({ world: { dir, spec } }) => {
  const images = join(dir, 'images');
  assert.is(
    (await hcXform(['--to', 'aarch64', '--in', images, '--out', join(dir, 'a')], { dir })).exitCode,
    0,
  );
  const expected = readDump(join(dir, 'a'));
  const shipped = makeDump({ ...spec, parked: true });
  writeDump(join(dir, 'shipped'), shipped);
  const pagesFirst = [...shipped.keys()].sort((a) => (a.startsWith('pages') ? -1 : 1));
  const streams = {
    plain: await tar(images),
    shipped: await tar(join(dir, 'shipped')),
    reversed: await tar(join(dir, 'shipped'), pagesFirst),
  };
  for (const [name, input] of Object.entries(streams)) {
    const run = await hcXform(['--to', 'aarch64'], { dir, input });
    assert.is(run.exitCode, 0, run.stderr);
    same(await untar(run.stdout, join(dir, `from-${name}`)), expected);
    // A tar stream ends in pages: whoever reads it streams.
    const members = (await execa('tar', ['t'], { input: run.stdout })).stdout.split('\n');
    const firstPages = members.findIndex((member) => member.startsWith('pages-'));
    assert.ok(members.slice(firstPages).every((member) => member.startsWith('pages-')));
  }
});

test('two transforms in one pipe give back what the program sees', async ({ world: { dir } }) => {
  const input = await tar(join(dir, 'images'));
  const there = await hcXform(['--to', 'aarch64'], { dir, input });
  const back = await hcXform(['--to', 'x86-64'], { dir, input: there.stdout });
  assert.is(back.exitCode, 0, back.stderr);
  const files = await untar(back.stdout, join(dir, 'back'));
  const before = readDump(join(dir, 'images'));
  for (const name of ['files.img', 'pstree.img', 'fdinfo-1.img', 'tun-9.img', 'inventory.img'])
    assert.ok(files.get(name)?.equals(before.get(name) ?? Buffer.alloc(0)), name);
  const record = JSON.parse(readFileSync(join(dir, 'back/hc/hc-xform.json'), 'utf8'));
  assert.is(record.previous.to, 'aarch64');
});

test('images that are for the target already pass through, bundle or not', async ({ world: { dir } }) => {
  const env = { HC_BUNDLES: '/nowhere' };
  const run = await hcXform(['--to', 'x86-64'], { dir, input: await tar(join(dir, 'images')), env });
  assert.is(run.exitCode, 0, run.stderr);
  same(await untar(run.stdout, join(dir, 'same')), readDump(join(dir, 'images')));
});

test('a missing or wrong bundle is refused with code 3, and nothing is written', async ({
  world: { dir },
}) => {
  const out = join(dir, 'out');
  const args = ['--to', 'aarch64', '--in', join(dir, 'images'), '--out', out];
  const missing = await hcXform([...args, '--bundles', '/nowhere'], { dir });
  assert.is(missing.exitCode, 3);
  assert.is(
    missing.stderr.split('\n')[0],
    `hc-xform: error: process 100 (prog): no bundle with build-id ${BUNDLE_ID} for /opt/sort/x86-64/app in /nowhere`,
  );
  assert.is(existsSync(out), false);
  // --bundles may be repeated.
  const second = await hcXform([...args, '--bundles', '/nowhere', '--bundles', join(dir, 'bundles')], {
    dir,
  });
  assert.is(second.exitCode, 0, second.stderr);
});

test('a bundle that was damaged is an error that names the file', async ({ world: { dir } }) => {
  const sites = join(dir, 'bundles/sort/sites.bin');
  writeFileSync(sites, readFileSync(sites).subarray(0, 100));
  const run = await hcXform(['--to', 'aarch64', '--in', join(dir, 'images'), '--out', join(dir, 'out')], {
    dir,
  });
  assert.is(run.exitCode, 1);
  assert.match(run.stderr, new RegExp(`error: ${sites}: should have \\d+ bytes`));
});

test('truncated streams are errors at any place, and standard output is no whole stream', async ({
  world: { dir },
}) => {
  const input = await tar(join(dir, 'images'));
  for (let cut = 700; cut < input.length - 10240; cut += 23_003) {
    const run = await hcXform(['--to', 'aarch64'], { dir, input: input.subarray(0, cut) });
    assert.is(run.exitCode, 1, `cut at ${cut}`);
    assert.match(run.stderr, /^hc-xform: error: /);
  }
});

test('a pages file of the wrong length is an error', async ({ world: { dir } }) => {
  const pages = join(dir, 'images/pages-1.img');
  const whole = readFileSync(pages);
  for (const bytes of [whole.subarray(0, 4096), Buffer.concat([whole, whole])]) {
    writeFileSync(pages, bytes);
    const run = await hcXform(['--to', 'aarch64', '--in', join(dir, 'images'), '--out', join(dir, 'out')], {
      dir,
    });
    assert.is(run.exitCode, 1);
    assert.match(run.stderr, /pages-1\.img/);
    assert.is(existsSync(join(dir, 'out')), false);
  }
});

test('the bundle around the executable is found without --bundles', async ({ world: { dir } }) => {
  const place = join(dir, 'elsewhere');
  renameSync(join(dir, 'bundles/sort'), place);
  rmSync(join(dir, 'images'), { recursive: true });
  const world = makeWorld('aarch64', { executable: join(place, 'aarch64/app') });
  try {
    const args = ['--check', '--in', join(world.dir, 'images')];
    const run = await hcXform(args, { dir, env: { HC_BUNDLES: '/nowhere' } });
    assert.is(run.exitCode, 0, run.stderr);
    assert.match(run.stderr, /would move from aarch64 to x86-64: process 100 \(prog\), process 101 \(prog\)/);
  } finally {
    removeWorld(world);
  }
});

test('--check says why not, with exit code 3', async ({ world: { dir, spec } }) => {
  const change: typeof spec.change = ({ pid, memory }) => {
    if (pid === 101) memory.write(0x100000004cn, Buffer.from([0]));
  };
  writeDump(join(dir, 'running'), makeDump({ ...spec, change }));
  const run = await hcXform(['--check', '--in', join(dir, 'running')], { dir });
  assert.is(run.exitCode, 3);
  assert.match(run.stderr, /^hc-xform: error: process 101 \(prog\), thread 101: is running, not parked\n/);
});

test('--show tells tasks, threads, frames, files and memory', async ({ world: { dir } }) => {
  const text = await hcXform(['--show', '--in', join(dir, 'images')], { dir });
  assert.is(text.exitCode, 0, text.stderr);
  assert.match(
    text.stdout.toString(),
    /process 100 \(prog\), child of 0\n {2}executable {2}\/opt\/sort\/x86-64\/app\n/,
  );
  assert.match(text.stdout.toString(), / {2}thread 103 {2}parked, \d+ frames deep, in system call 35\n/);
  const json = await hcXform(['--show', '--json', '--in', join(dir, 'images')], { dir });
  const { isa, tasks } = JSON.parse(json.stdout.toString());
  assert.is(isa, 'x86-64');
  const [first] = tasks;
  assert.equal(
    first.threads.map(({ tid }: { tid: number }) => tid),
    [100, 103],
  );
  assert.match(first.threads[0].frames[0].function, /^(main|sort|compare)$/);
  assert.is(first.threads[0].frames[0].file, 'sort.c');
  assert.equal(first.files, [
    { fd: 0, type: 'pipe' },
    { fd: 5, type: 'reg', path: '/data/out', position: 42 },
  ]);
  assert.ok(first.memory.dumpedBytes > 0);
});

test('--show works without a bundle, and says what is missing', async ({ world: { dir } }) => {
  const run = await hcXform(['--show', '--json', '--in', join(dir, 'images'), '--bundles', '/nowhere'], {
    dir,
  });
  assert.is(run.exitCode, 0);
  assert.match(JSON.parse(run.stdout.toString()).tasks[1].problem, /no bundle with build-id/);
});

test('wrong usage is exit code 2', async ({ world: { dir } }) => {
  const cases = [
    [],
    ['--to', 'mips'],
    ['--check', '--show'],
    ['--show', '--out', 'x'],
    ['--to', 'aarch64', 'surplus'],
  ];
  for (const args of cases) assert.is((await hcXform(args, { dir })).exitCode, 2, args.join(' '));
});

test('an incremental dump is refused by name', async ({ world: { dir } }) => {
  await execa('ln', ['-s', '../before', join(dir, 'images/parent')]);
  const run = await hcXform(['--check', '--in', join(dir, 'images')], { dir });
  assert.is(run.exitCode, 1);
  assert.match(run.stderr, /images\/parent: /);
});

test.run();
