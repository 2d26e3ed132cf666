// SPDX-License-Identifier: GPL-3.0-or-later
// Lua's official tests pass with a Lua built by hc-cc, on both ISAs and scribbled, as with one built by gcc.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildOrdinary, buildProgram, type Runtime } from '../src/build.ts';
import { luaRecipe, muslCompiler, runLuaTests } from '../src/lua-tests.ts';

const test = suite("Lua's official tests");

async function check(command: string[], env: Record<string, string> = {}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lua-tests-'));
  try {
    const { passed, output } = await runLuaTests(folder, command, env);
    assert.ok(passed, output.slice(-2000));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function bundle(runtime: Runtime = 'normal'): Promise<string> {
  return (await buildProgram(await luaRecipe(), runtime)).bundle;
}

test('by gcc with musl', async () => check([await buildOrdinary(await luaRecipe(), muslCompiler)]));

test('x86-64', async () => check([join(await bundle(), 'x86-64/app')]));

test('aarch64', async () =>
  check(['qemu-aarch64-static', '-0', './lua', join(await bundle(), 'aarch64/app')]));

test('x86-64, scribbled at every 101st point', async () =>
  check([join(await bundle('scribble'), 'x86-64/app')], { HC_SCRIBBLE: '101' }));

test.run();
