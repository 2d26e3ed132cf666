// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way, with the built command: dist/hc-cc.js, libc, runtime and hc-codegen.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { llvm } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sectionBytes } from '../src/elf.ts';

const compiler = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bin', 'hc-cc');
const folder = mkdtempSync(join(tmpdir(), 'hc-cc-test-'));
test.after(() => rmSync(folder, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const cc = (...args: string[]) => execa(compiler, args, { cwd: folder, reject: false });
const runProgram = (name: string, ...args: string[]) => execa(join(folder, name), args, { reject: false });

write(
  'hello.c',
  '#include <stdio.h>\nint main(int n, char **v) { printf("hello %d %s\\n", n, v[n - 1]); return 3; }',
);

test('a program compiled and linked at once runs', async () => {
  const { exitCode, stderr } = await cc('-O2', 'hello.c', '-o', 'hello');
  assert.equal([exitCode, stderr], [0, '']);
  const { stdout, exitCode: result } = await runProgram('hello', 'world');
  assert.equal([stdout, result], ['hello 2 world', 3]);
});

test('a linked program carries its bitcode, and the same source gives the same bytes', async () => {
  await cc('-O2', 'hello.c', '-o', 'one');
  await cc('-O2', 'hello.c', '-o', 'two');
  const one = readFileSync(join(folder, 'one'));
  assert.ok(one.equals(readFileSync(join(folder, 'two'))));
  assert.is(sectionBytes(one, '.hc.bitcode')?.readUInt32BE(0), 0x4243c0de);
});

test('objects, a library and -l are linked in one program; unused members stay out', async () => {
  write('main.c', 'int twice(int); int main(void) { return twice(21); }');
  write('twice.c', 'int twice(int n) { return 2 * n; }');
  write('broken.c', 'int nowhere(void); int broken(void) { return nowhere(); }');
  await cc('-c', 'main.c', 'twice.c', 'broken.c');
  await execa(llvm.ar, ['rc', 'libtwice.a', 'twice.o', 'broken.o'], { cwd: folder });
  assert.is((await cc('main.o', '-L.', '-ltwice', '-lm', '-lpthread', '-o', 'both')).stderr, '');
  assert.is((await runProgram('both')).exitCode, 42);
});

test('an undefined symbol is named with the file that refers to it, and nothing is written', async () => {
  write('missing.c', 'int nowhere(void); int main(void) { return nowhere(); }');
  await cc('-c', 'missing.c');
  const { exitCode, stderr } = await cc('missing.o', '-o', 'missing');
  assert.is(exitCode, 1);
  assert.match(stderr, "missing.o: undefined reference to 'nowhere'");
  assert.not(existsSync(join(folder, 'missing')));
});

test('a weak undefined symbol is null', async () => {
  write('weak.c', '__attribute__((weak)) int maybe(void); int main(void) { return maybe ? maybe() : 5; }');
  assert.is((await cc('-O2', 'weak.c', '-o', 'weak')).stderr, '');
  assert.is((await runProgram('weak')).exitCode, 5);
});

test('library functions that only the optimiser or the code generator calls are linked', async () => {
  write(
    'late.c',
    `#include <stdio.h>
     static void show(const char *format, const char *text) { printf(format, text); }
     double volatile half = 0.5;
     int main(void) { show("%s\\n", "put"); return (int)(__builtin_sin(half) * 100 + __builtin_floor(half)); }`,
  );
  assert.is((await cc('-O2', 'late.c', '-o', 'late')).stderr, '');
  const { stdout, exitCode } = await runProgram('late');
  assert.equal([stdout, exitCode], ['put', 47]);
});

test('a program with threads may use calloc, which waits for a lock', async () => {
  write(
    'calloc.c',
    `#include <pthread.h>
    #include <stdlib.h>
    static void *fill(void *size) { return calloc(1, (size_t)size); }
    int main(void) {
      pthread_t thread;
      void *made;
      if (pthread_create(&thread, 0, fill, (void *)64) || pthread_join(thread, &made)) return 1;
      return ((char *)made)[63] + 7;
    }`,
  );
  assert.is((await cc('-O2', 'calloc.c', '-o', 'calloc')).stderr, '');
  assert.is((await runProgram('calloc')).exitCode, 7);
});

test('the macros that name an ISA are hidden, those of the data model stay', async () => {
  const { stdout } = await cc('-E', '-dM', '-x', 'c', '/dev/null');
  assert.not.match(stdout, /x86_64|amd64|__SSE|__MMX__|__k8/);
  assert.match(stdout, '#define __LP64__ 1');
  assert.match(stdout, '#define __LDBL_MANT_DIG__ 113');
});

test('kernel and library headers have the canonical layout', async () => {
  write(
    'layout.c',
    `#include <stddef.h>
     #include <float.h>
     #include <setjmp.h>
     #include <sys/epoll.h>
     #include <sys/stat.h>
     #include <asm/unistd.h>
     #include <linux/futex.h>
     #include <linux/perf_event.h>
     _Static_assert(sizeof(struct epoll_event) == 12, "packed");
     _Static_assert(sizeof(struct stat) == 144, "stat");
     _Static_assert(sizeof(__jmp_buf) == 64, "jmp_buf");
     _Static_assert(sizeof(long double) == 16 && _Alignof(long double) == 16, "long double");
     _Static_assert(LDBL_MANT_DIG == 113 && LDBL_MAX_EXP == 16384 && LDBL_DIG == 33 && DECIMAL_DIG == 36, "limits");
     _Static_assert(_Alignof(max_align_t) == 16, "malloc");
     _Static_assert(__NR_openat == 257, "numbers");`,
  );
  assert.is((await cc('-fsyntax-only', 'layout.c')).stderr, '');
});

test('assembly is refused: files by hc-cc, statements by hc-codegen with file and line', async () => {
  write('a.s', 'nop');
  assert.match((await cc('-c', 'a.s')).stderr, /a\.s: assembly can't be carried to another ISA/);
  write('inline.c', 'int main(void) {\n  __asm__ volatile("nop");\n  return 0;\n}');
  const { exitCode, stderr } = await cc('-O2', 'inline.c', '-o', 'inline');
  assert.is(exitCode, 1);
  assert.match(stderr, /inline\.c:2: error: .*assembly/);
});

test('machine code is refused, as an object and out of a library', async () => {
  write('native.c', 'int twice(int n) { return 2 * n; }');
  await execa(llvm.clang, ['-c', 'native.c'], { cwd: folder });
  await execa(llvm.ar, ['rc', 'libnative.a', 'native.o'], { cwd: folder });
  await cc('-c', 'main.c');
  assert.match((await cc('main.o', 'native.o')).stderr, /native\.o is machine code of one ISA/);
  assert.match(
    (await cc('main.o', '-L.', '-lnative')).stderr,
    /libnative\.a.* machine code .* build that with hc-cc/,
  );
});

test('errors of the compiler come through, with its exit code', async () => {
  write('wrong.c', 'int main(void) { return x; }');
  const { exitCode, stderr } = await cc('wrong.c', '-o', 'wrong');
  assert.is(exitCode, 1);
  assert.match(stderr, /wrong\.c:1:25: error: use of undeclared identifier 'x'/);
});

test('-MMD writes the rules next to the program, also when it is linked at once', async () => {
  write('own.h', '#define RESULT 6');
  write('dep.c', '#include "own.h"\nint main(void) { return RESULT; }');
  await cc('-MMD', 'dep.c', '-o', 'dep');
  assert.match(readFileSync(join(folder, 'dep.d'), 'utf8'), /dep\.c own\.h/);
});

test('-r combines objects to one that links', async () => {
  await cc('-c', 'main.c', 'twice.c');
  await cc('-r', 'main.o', 'twice.o', '-o', 'combined.o');
  await cc('combined.o', '-o', 'combined');
  assert.is((await runProgram('combined')).exitCode, 42);
});

test('without optimisation a program runs, too', async () => {
  assert.is((await cc('-O0', '-g', 'hello.c', '-o', 'slow')).stderr, '');
  assert.is((await runProgram('slow')).stdout.slice(0, 7), 'hello 1');
});

test("a thread-local's address may come from several cases of a switch", async () => {
  const address = '[ getelementptr (i8, ptr @numbers, i64 8), %entry ]';
  write(
    'pick.ll',
    `target triple = "x86_64-unknown-linux-musl"
@numbers = thread_local global [4 x i64] zeroinitializer
define ptr @pick(i32 %n, ptr %other) noinline optnone {
entry:
  switch i32 %n, label %no [ i32 1, label %yes i32 5, label %yes i32 9, label %yes ]
no:
  br label %yes
yes:
  %p = phi ptr ${address}, ${address}, ${address}, [ %other, %no ]
  ret ptr %p
}`,
  );
  write(
    'picks.c',
    `long *pick(int n, long *other);
int main(void) { long other = 0; *pick(5, &other) = 7; *pick(2, &other) = 3; return (int)(*pick(9, &other) * 10 + other); }`,
  );
  assert.is((await cc('pick.ll', 'picks.c', '-o', 'picks')).stderr, '');
  assert.is((await runProgram('picks')).exitCode, 73);
});

test('the questions that configure scripts ask are answered', async () => {
  assert.is((await cc('-dumpmachine')).stdout, 'x86_64-unknown-linux-musl');
  assert.match((await cc('--version')).stdout, /clang version 19/);
  assert.is((await cc('-v')).exitCode, 0);
  assert.is((await cc()).exitCode, 1);
});

test.run();
