// SPDX-License-Identifier: GPL-3.0-or-later
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { applyEdit } from '../src/changes.ts';
import { memberName } from '../src/compile.ts';
import { decideIsa } from '../src/headers.ts';

for (const [from, to] of [
  ['#ifdef __x86_64__', '#if 1'],
  ['# ifndef __x86_64__', '# if 0'],
  ['#if defined(__x86_64__) && !defined(__ILP32__)', '#if 1 && !defined(__ILP32__)'],
  ['#if defined __x86_64__ || X', '#if 1 || X'],
  ['#ifdef __x86_64__foo', '#ifdef __x86_64__foo'],
  ['#ifdef __i386__', '#ifdef __i386__'],
] as const) {
  test(`a header's '${from}' is decided`, () => {
    assert.is(decideIsa(from), to);
  });
}

test('an edit that does not fit exactly once fails and names the file', () => {
  const edit = { why: 'because', file: 'src/a.c', from: 'x', to: 'y' };
  assert.is(applyEdit('axb', edit), 'ayb');
  assert.throws(() => applyEdit('ab', edit), /src\/a\.c: expected "x" once, found it 0 times/);
  assert.throws(() => applyEdit('axxb', edit), /found it 2 times/);
});

test('archive members have names of their own', () => {
  assert.is(memberName('src/malloc/mallocng/free.c'), 'malloc.mallocng.free.o');
  assert.is(memberName('src/malloc/free.c'), 'malloc.free.o');
});

test.run();
