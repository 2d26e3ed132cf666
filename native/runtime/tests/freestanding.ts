// SPDX-License-Identifier: 0BSD
// Builds test programs without a libc for each ISA, and runs them: aarch64 under user-mode QEMU.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Isa, isaTriples, llvm } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import glob from 'fast-glob';

const runtime = dirname(dirname(fileURLToPath(import.meta.url)));

/** The canonical ABI's kernel headers are those of the build machine, after the compiler's own. */
const flags = [
  ...['-nostdlibinc', '-idirafter', '/usr/include/x86_64-linux-gnu', '-idirafter', '/usr/include'],
  ...['-std=gnu2x', '-O2', '-ffreestanding', '-fno-pic', '-ffp-contract=off', '-fno-stack-protector'],
  ...['-Wall', '-Wextra', '-Werror'],
];

const isaFlags: Record<Isa, readonly string[]> = { 'x86-64': [], aarch64: ['-mno-outline-atomics'] };

async function compile(isa: Isa, args: readonly string[]): Promise<void> {
  await execa(llvm.clang, [`--target=${isaTriples[isa]}`, ...flags, ...isaFlags[isa], ...args], {
    cwd: runtime,
  });
}

/** Fails with the compiler's message. */
export async function mustCompile(program: string, defines: readonly string[] = []): Promise<void> {
  const macros = defines.map((name) => `-D${name}`);
  await compile('x86-64', [...macros, '-fsyntax-only', `tests/freestanding/${program}.c`]);
}

export interface Objects {
  isa: Isa;
  /** What programs need instead of a libc. */
  support: string[];
  builtins: string[];
  folder: string;
}

/** Everything but the programs themselves. */
export async function buildObjects(isa: Isa): Promise<Objects> {
  const folder = await mkdtemp(join(tmpdir(), 'hc-runtime-'));
  const each = (sources: readonly string[]) =>
    Promise.all(
      sources.map(async (source) => {
        const object = join(folder, `${basename(source, '.c')}.o`);
        await compile(isa, ['-c', source, '-o', object]);
        return object;
      }),
    );
  const translation = isa === 'aarch64' ? ['aarch64/syscalls.c', 'aarch64/conversions.c'] : [];
  return {
    isa,
    support: await each(['tests/freestanding/support.c', ...translation]),
    builtins: await each(await glob('builtins/*.c', { cwd: runtime })),
    folder,
  };
}

/**
 * Objects with which operators mean the compiler's own library; the builtins are there too, under names with the
 * prefix hc_, to be compared with it.
 */
export async function withReference(objects: Objects): Promise<Objects> {
  const library = await execa(llvm.clang, ['-print-libgcc-file-name']);
  const prefixed = await Promise.all(
    objects.builtins.map(async (object) => {
      const renamed = object.replace(/\.o$/, '.prefixed.o');
      await execa(llvm.objcopy, ['--prefix-symbols=hc_', object, renamed]);
      return renamed;
    }),
  );
  const memory = objects.builtins.filter((object) => /(copy|fill)\.o$/.test(object));
  return { ...objects, builtins: [...memory, ...prefixed, library.stdout] };
}

/** What the program printed, standing in an empty folder. */
export async function output(program: string, objects: Objects): Promise<string> {
  const executable = join(objects.folder, program);
  const parts = [`tests/freestanding/${program}.c`, ...objects.support, ...objects.builtins];
  await compile(objects.isa, ['-fuse-ld=lld-19', '-nostdlib', '-static', ...parts, '-o', executable]);
  const cwd = join(objects.folder, `${program}.d`);
  await mkdir(cwd);
  const emulator = objects.isa === 'aarch64' ? ['qemu-aarch64-static'] : [];
  const [command = executable, ...args] = [...emulator, executable];
  const result = await execa(command, args, { cwd, timeout: 120_000, reject: false });
  return `${result.stdout}\nexit ${result.exitCode ?? result.signal}`;
}

export async function remove(objects: Objects): Promise<void> {
  await rm(objects.folder, { recursive: true, force: true });
}
