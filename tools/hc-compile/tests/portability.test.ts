// SPDX-License-Identifier: GPL-3.0-or-later
// The merged module, libc and runtime included, holds nothing that only one ISA has.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { llvm } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sectionBytes } from '../src/elf.ts';

const compiler = join(dirname(dirname(fileURLToPath(import.meta.url))), 'bin', 'hc-cc');
const folder = mkdtempSync(join(tmpdir(), 'hc-portability-'));
test.after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

/** Reaches into many corners of libc. */
const program = `
#include <complex.h>
#include <math.h>
#include <regex.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>
static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }
static jmp_buf jump;
static void handler(int number) { (void)number; }
int main(int argc, char **argv) {
  double values[64];
  for (int i = 0; i < 64; i++) values[i] = sqrt(i) * sin(i) + floor(i * 0.3) + fma(i, 2.0, pow(i, 1.5)) + lrint(i * 0.5);
  long double big = strtold("1.5e300", 0) * values[argc];
  int *list = calloc(argc + 10, sizeof *list);
  qsort(list, argc + 10, sizeof *list, compare);
  signal(SIGUSR1, handler);
  if (!setjmp(jump)) longjmp(jump, 1);
  regex_t regex;
  regcomp(&regex, "a*b", REG_EXTENDED);
  time_t now = time(0);
  char text[64];
  strftime(text, sizeof text, "%c", localtime(&now));
  printf("%s %Lf %a %f %ls %d\\n", text, big, values[3], cabs(values[1] + I * values[2]), L"wide", list[0]);
  return popen("true", "r") == 0 && fork() == 0;
}`;

test('the module verifies, has no assembly, no type or intrinsic of one ISA, and compiles for aarch64', async () => {
  writeFileSync(at('program.c'), program);
  const { stderr } = await execa(compiler, ['-O2', at('program.c'), '-o', at('program')], { reject: false });
  assert.is(stderr, '');
  const bitcode = sectionBytes(readFileSync(at('program')), '.hc.bitcode');
  assert.ok(bitcode);
  writeFileSync(at('module.bc'), bitcode ?? '');
  await execa(llvm.opt, ['-passes=verify', '-S', at('module.bc'), '-o', at('module.ll')]);

  const text = readFileSync(at('module.ll'), 'utf8').replace(/^target datalayout.*$/m, '');
  const assembly = [...text.matchAll(/\basm\s+(?:sideeffect\s+)?"([^"]+)"/g)];
  assert.equal(assembly, []);
  const foreign = text.match(/x86_fp80|x86_amx|\bppc_fp128\b|@llvm\.(x86|aarch64)\.[\w.]+/g) ?? [];
  assert.equal(foreign, []);

  // What names a CPU of the canonical ISA is dropped by hc-codegen, too.
  writeFileSync(at('module.ll'), text.replace(/"(target-cpu|target-features|tune-cpu)"="[^"]*"/g, ''));
  await execa(llvm.llc, [
    '-mtriple=aarch64-linux-gnu',
    '-O1',
    '-filetype=obj',
    at('module.ll'),
    '-o',
    at('module.o'),
  ]);
});

test.run();
