// SPDX-License-Identifier: GPL-3.0-or-later
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readCommandLine, splitWords } from '../src/command-line.ts';

const read = (text: string) => readCommandLine(text.split(' ').filter(Boolean));

for (const [text, mode] of [
  ['-c a.c', 'object'],
  ['-S a.c', 'assembly'],
  ['-c -S a.c', 'assembly'],
  ['-E a.c -c', 'preprocess'],
  ['-MM a.c', 'preprocess'],
  ['-fsyntax-only a.c', 'check'],
  ['a.c', 'link'],
  ['a.o -lm', 'link'],
  ['-v a.c', 'link'],
  ['-r a.o b.o -o c.o', 'combine'],
  ['--version', 'query'],
  ['-v', 'query'],
  ['-dumpmachine', 'query'],
  ['-print-prog-name=ld', 'query'],
  ['', 'query'],
] as const) {
  test(`'${text}' means ${mode}`, () => {
    assert.is(read(text).mode, mode);
  });
}

test('objects, libraries and linker flags keep their order', () => {
  const { inputs } = read('a.o -lfoo -Wl,--start-group b.c -l bar -Wl,--end-group -L/x libz.a');
  assert.equal(inputs, [
    { file: 'a.o' },
    { flags: ['-lfoo'] },
    { flags: ['--start-group'] },
    { source: { path: 'b.c' } },
    { flags: ['-lbar'] },
    { flags: ['--end-group'] },
    { flags: ['-L/x'] },
    { file: 'libz.a' },
  ]);
});

test('linker options and their values may come in separate words', () => {
  const { inputs } = read('-Xlinker -u -Xlinker name -Wl,-rpath -Wl,/x a.o');
  assert.equal(inputs, [{ flags: ['-u', 'name'] }, { file: 'a.o' }]);
});

test('options with a value take the next word, also when it looks like an option or a file', () => {
  const { compileFlags, output, inputs } = read('-I -x.c -D A=1 -include b.c -MF d.d -o -out.o -c a.c');
  assert.equal(compileFlags, ['-I', '-x.c', '-D', 'A=1', '-include', 'b.c', '-MF', 'd.d']);
  assert.is(output, '-out.o');
  assert.equal(inputs, [{ source: { path: 'a.c' } }]);
});

test('-x applies to the files after it, until none', () => {
  const { inputs } = read('a.o -x c b -x none c.o -');
  assert.equal(inputs, [
    { file: 'a.o' },
    { source: { path: 'b', language: 'c' } },
    { file: 'c.o' },
    { source: { path: '-' } },
  ]);
});

test('options for one ISA are ignored with a warning', () => {
  const { warnings, compileFlags } = read('-march=native -msse4.2 -O2 -c a.c');
  assert.is(warnings.length, 2);
  assert.match(warnings[0] ?? '', /'-march=native' ignored: code is generated for x86-64 and aarch64/);
  assert.equal(compileFlags, ['-O2']);
});

test('long double has 128 bits, whatever an option says', () => {
  const { warnings, compileFlags } = read('-mlong-double-128 -mlong-double-80 -c a.c');
  assert.equal(warnings.length, 1);
  assert.match(warnings[0] ?? '', /'-mlong-double-80' ignored: long double has 128 bits/);
  assert.equal(compileFlags, []);
});

test('options without meaning for a static portable program are ignored in silence', () => {
  const { warnings, compileFlags, inputs } = read(
    '-fPIC -pie -g3 -ggdb -flto -fstack-protector-strong -static -m64 -pipe -rdynamic -Wl,-rpath,/x -Wl,-z,relro -c a.c',
  );
  assert.equal([warnings, compileFlags], [[], []]);
  assert.equal(inputs, [{ source: { path: 'a.c' } }]);
});

for (const [text, pattern] of [
  ['-shared a.o', /'-shared': .* build a \.a library instead/],
  ['-Wl,-shared a.o', /linker option '-shared'/],
  ['-m32 a.c', /64-bit/],
  ['-fsanitize=address a.c', /leave the option out/],
  ['-nostdlib a.c', /runtime/],
  ['-Wl,-T,x.ld a.o', /layout/],
  ['-T x.ld a.o', /layout/],
  ['--target=arm-linux-gnu a.c', /leave the option out/],
  ['-c a.c -o', /'-o' needs a value/],
] as const) {
  test(`'${text}' is refused, with the reason`, () => {
    assert.throws(() => read(text), pattern);
  });
}

test('response files are read, quoted as GNU programs quote', () => {
  assert.equal(splitWords(`a 'b c' "d \\"e" f\\ g -D'X="1"'\n h`), [
    'a',
    'b c',
    'd "e',
    'f g',
    '-DX="1"',
    'h',
  ]);
  const folder = mkdtempSync(join(tmpdir(), 'hc-test-'));
  try {
    const file = join(folder, 'args');
    writeFileSync(file, '-c "a b.c"\n-o x.o');
    const line = readCommandLine([`@${file}`]);
    assert.equal([line.mode, line.output], ['object', 'x.o']);
    assert.equal(line.inputs, [{ source: { path: 'a b.c' } }]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the last -O counts', () => {
  assert.is(read('-O0 -O2 a.c').optimise, '-O2');
});

test.run();
