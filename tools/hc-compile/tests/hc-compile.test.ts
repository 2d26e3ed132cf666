// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseManifest, readElfFacts } from '@h-containers/bundle';
import { execa } from 'execa';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = mkdtempSync(join(tmpdir(), 'hc-compile-test-'));
test.after(() => rmSync(folder, { recursive: true }));

const at = (...names: string[]) => join(folder, ...names);
const compile = (args: string[], inputFile?: string) =>
  execa('node', [join(project, 'dist', 'cli.js'), ...args], {
    cwd: folder,
    reject: false,
    encoding: 'buffer',
    ...(inputFile === undefined ? { input: '' } : { inputFile }),
  });
const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

test.before(async () => {
  writeFileSync(at('hello.c'), '#include <stdio.h>\nint main(void) { puts("hello"); return 3; }');
  await execa(join(project, 'bin', 'hc-cc'), ['-O2', 'hello.c', '-o', 'hello'], { cwd: folder });
  await execa(join(project, 'bin', 'hc-cc'), ['-O2', '-c', 'hello.c'], { cwd: folder });
});

test('a linked program becomes a bundle whose executables agree and run on both ISAs', async () => {
  const { exitCode } = await compile(['--in', 'hello', '--out', 'bundle']);
  assert.is(exitCode, 0);
  const manifest = parseManifest(readFileSync(at('bundle', 'manifest.json'), 'utf8'), 'manifest.json');
  for (const isa of ['x86-64', 'aarch64'] as const) {
    const facts = await readElfFacts(at('bundle', isa, 'app'));
    assert.equal(
      [facts.isa, facts.buildId, facts.size, `0x${facts.entry.toString(16)}`],
      [isa, manifest.bundleId, manifest.fileSize, manifest.entry],
    );
    assert.is(statSync(at('bundle', isa, 'app')).mode & 0o777, 0o755);
    const emulator = isa === 'aarch64' ? ['qemu-aarch64-static'] : [];
    const [command = '', ...args] = [...emulator, at('bundle', isa, 'app')];
    const { stdout, exitCode: result } = await execa(command, args, { reject: false });
    assert.equal([stdout, result], ['hello', 3]);
  }
});

test('a reader that is slow to begin gets all of the bundle', async () => {
  const whole = await compile([], at('hello'));
  const command = `node ${join(project, 'dist', 'cli.js')} <hello | { head -c 1; sleep 2; cat; }`;
  const slow = await execa('bash', ['-o', 'pipefail', '-c', command], { cwd: folder, encoding: 'buffer' });
  assert.ok(Buffer.from(slow.stdout).equals(Buffer.from(whole.stdout)));
});

test('the tar stream holds the same files, small ones first, and is the same every time', async () => {
  const first = await compile([], at('hello'));
  const second = await compile([], at('hello'));
  assert.equal([first.exitCode, second.exitCode], [0, 0], text(first.stderr) + text(second.stderr));
  assert.ok(Buffer.from(first.stdout).equals(Buffer.from(second.stdout)));
  const { stdout } = await execa('tar', ['-t'], { input: first.stdout });
  assert.equal(stdout.split('\n'), [
    'manifest.json',
    'hc/hc-compile.json',
    'sites.bin',
    'names.json',
    'x86-64/app',
    'aarch64/app',
  ]);
});

test('bitcode is linked with its libraries first, and gives the same program', async () => {
  const { exitCode } = await compile(['--out', 'from-bitcode'], at('hello.o'));
  assert.is(exitCode, 0);
  const bytes = (bundle: string) => readFileSync(at(bundle, 'x86-64', 'app'));
  assert.ok(bytes('from-bitcode').equals(bytes('bundle')));
});

test('other points are another bundle', async () => {
  await compile(['--in', 'hello', '--out', 'outer', '--points', 'outer']);
  const id = (bundle: string) =>
    parseManifest(readFileSync(at(bundle, 'manifest.json'), 'utf8'), bundle).bundleId;
  assert.is.not(id('outer'), id('bundle'));
});

test('the scribble runtime runs the program, too', async () => {
  await compile(['--in', 'hello', '--out', 'scribbled', '--runtime', 'scribble']);
  assert.is((await execa(at('scribbled', 'x86-64', 'app'), { reject: false })).stdout, 'hello');
});

for (const [name, args, input, exitCode, message] of [
  ['C source', [], 'hello.c', 1, /neither an executable nor LLVM bitcode[\s\S]*hc-cc/],
  [
    'a foreign executable',
    ['--in', process.execPath],
    undefined,
    1,
    /carries no bitcode[\s\S]*link it with hc-cc/,
  ],
  ['nothing', [], '/dev/null', 1, /neither an executable nor/],
  ['a missing file', ['--in', 'nowhere'], undefined, 1, /nowhere: no such file/],
  ['an unknown option', ['--fast'], undefined, 2, /Unknown option '--fast'/],
  ['unknown points', ['--points', 'all'], undefined, 2, /points/],
  ['an output directory in use', ['--in', 'hello', '--out', '.'], undefined, 1, /is not empty/],
] as const) {
  test(`${name} is refused with a reason`, async () => {
    const result = await compile([...args], input && join(input.startsWith('/') ? '' : folder, input));
    assert.match(text(result.stderr), message);
    assert.is(result.exitCode, exitCode);
  });
}

test.run();
