// SPDX-License-Identifier: 0BSD
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildObjects, mustCompile, type Objects, output, remove, withReference } from './freestanding.ts';

const test = suite<{ native: Objects; aarch64: Objects }>('both ISAs');

test.before(async (context) => {
  context.native = await buildObjects('x86-64');
  context.aarch64 = await buildObjects('aarch64');
});

test.after(async ({ native, aarch64 }) => {
  await remove(native);
  await remove(aarch64);
});

test("the system-call table has the kernel's numbers", async () => {
  await mustCompile('table', ['CANONICAL']);
  await mustCompile('table');
});

test("the structs of both kernels are laid out as in the kernel's headers", async () => {
  await mustCompile('layout', ['CANONICAL']);
  await mustCompile('layout');
});

const programs = {
  files: 'flags, status, times, names and records of files are the same on both ISAs',
  waiting: 'poll, select, epoll, signals and alarms are the same on both ISAs',
  processes: 'children, semaphores, mappings and sockets are the same on both ISAs',
  memory: 'memory and string functions agree with loops over bytes on both ISAs',
  rounding: 'rounding modes and exceptions are the same on both ISAs',
};

for (const [program, behaviour] of Object.entries(programs)) {
  test(behaviour, async ({ native, aarch64 }) => {
    const expected = await output(program, native);
    assert.match(expected, /failures 0\nexit 0$/);
    assert.is(await output(program, aarch64), expected);
  });
}

const compared = {
  arithmetic: "builtins agree with the compiler's own library, and across ISAs",
  quad: "binary128 agrees with the compiler's own library in every rounding mode, and across ISAs",
};

for (const [program, behaviour] of Object.entries(compared)) {
  test(behaviour, async ({ native, aarch64 }) => {
    const expected = await output(program, await withReference(native));
    assert.match(expected, /failures 0\nexit 0$/);
    assert.is(await output(program, aarch64), expected);
  });
}

test.run();
