// SPDX-License-Identifier: 0BSD
// Builds build/libhc.a and build/lift-<isa>.bc, what lifted programs of an ISA have besides (portable bitcode), and build/<isa>/*.o, build/scribble/<isa>/*.o (machine code).
import { rmSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  isas,
  isaTriples,
  llvm,
  nativePaths,
  portableFlags,
  unwindFlags,
} from '@h-containers/native-toolchain';
import { execa } from 'execa';
import glob from 'fast-glob';

const here = dirname(fileURLToPath(import.meta.url));
const { sysroot } = nativePaths();
const result = join(here, 'build');
// Made aside, so that who links meanwhile finds the old one.
const out = join(dirname(sysroot), `runtime.${process.pid}`);

const warnings = ['-Wall', '-Wextra', '-Werror'];
const freestanding = [
  '-O2',
  '-ffreestanding',
  '-nostdlibinc',
  '-fno-strict-aliasing',
  `-I${join(here, 'include')}`,
];

/** Only what musl leaves to an architecture sees its internal headers. */
const muslFlags = [
  '-std=c99',
  '-nostdinc',
  '-D_XOPEN_SOURCE=700',
  '-O2',
  '-ffreestanding',
  '-fno-strict-aliasing',
  '-w',
  ...['arch/hc', 'arch/generic', 'src/include', 'src/internal'].map(
    (folder) => `-I${join(sysroot, 'internal', folder)}`,
  ),
  `-I${join(sysroot, 'include')}`,
];

/** One per ISA: functions get sections of their own, as hc-codegen plan gives some of them one address on both. */
const machineFlags = [
  ...freestanding,
  '-ffunction-sections',
  '-fno-pic',
  '-fno-stack-protector',
  '-fcf-protection=none',
  '-ffp-contract=off',
  ...unwindFlags,
];

const isaFlags = {
  'x86-64': ['-mno-red-zone'],
  aarch64: ['-mno-outline-atomics', '-mbranch-protection=none'],
};

interface Step {
  source: string;
  object: string;
  flags: readonly string[];
}

async function sources(...patterns: string[]): Promise<string[]> {
  return (await glob(patterns, { cwd: here })).sort();
}

function objectName(source: string): string {
  return `${basename(source).replace(/\.\w+$/, '')}.o`;
}

async function steps(): Promise<Step[]> {
  const all: Step[] = [];
  for (const source of await sources('common/*.c'))
    all.push({
      source,
      object: join('common', objectName(source)),
      flags: [...portableFlags, ...freestanding, ...warnings],
    });
  for (const source of await sources('common/musl/*.c'))
    all.push({
      source,
      object: join('common', `musl-${objectName(source)}`),
      flags: [...portableFlags, ...muslFlags],
    });
  for (const isa of isas) {
    const includes = ['lift', join('lift', isa)].map((folder) => `-I${join(here, folder)}`);
    for (const source of await sources('lift/*.c', `lift/${isa}/*.c`))
      all.push({
        source,
        object: join('lift', isa, `${basename(dirname(source))}-${objectName(source)}`),
        flags: [...portableFlags, ...freestanding, ...warnings, ...includes],
      });
  }
  for (const isa of isas) {
    const flags = [`--target=${isaTriples[isa]}`, ...machineFlags, ...warnings, ...isaFlags[isa]].filter(
      (flag) => isa === 'x86-64' || flag !== '-fcf-protection=none',
    );
    for (const source of await sources(`${isa}/*.{c,S}`, 'builtins/*.c', 'normal/*.c'))
      all.push({ source, object: join(isa, objectName(source)), flags });
    // Files of the same name replace those of the normal runtime.
    for (const source of await sources(
      `${isa}/{kernel,interruptible}.S`,
      'scribble/*.c',
      `scribble/${isa}/*.S`,
    ))
      all.push({
        source,
        object: join('scribble', isa, objectName(source)),
        flags: [...flags, '-DHC_SCRIBBLE'],
      });
  }
  return all;
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values();
  const lane = async () => {
    for (const item of queue) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
}

const all = await steps();
for (const folder of new Set(all.map((step) => dirname(step.object))))
  await mkdir(join(out, folder), { recursive: true });
process.on('exit', () => rmSync(out, { recursive: true, force: true }));
await inParallel(all, async ({ source, object, flags }) => {
  await execa(llvm.clang, [...flags, '-c', source, '-o', join(out, object)], {
    cwd: here,
    stderr: 'inherit',
  });
});
const made = (folder: string) =>
  all.filter((step) => dirname(step.object) === folder).map((step) => join(out, step.object));
await execa(llvm.ar, ['rcsD', join(out, 'libhc.a'), ...made('common')]);
for (const isa of isas)
  await execa(llvm.link, [...made(join('lift', isa)), '-o', join(out, `lift-${isa}.bc`)]);
await rm(result, { recursive: true, force: true });
await rename(out, result);
