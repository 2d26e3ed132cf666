// SPDX-License-Identifier: GPL-3.0-or-later
// The yardstick: clang -O2 file by file, linked statically with Debian's own musl, which is not installed for that.
import { join } from 'node:path';
import { downloadBinary, unpackBinary } from '@h-containers/debian-packages';
import { llvm } from '@h-containers/native-toolchain';
import { execa } from 'execa';
import { once } from './once.ts';
import type { Source } from './programs.ts';

const triple = 'x86_64-linux-musl';

interface Musl {
  include: string;
  lib: string;
  /** clang's name for the version, part of the key of what it builds. */
  key: string;
}

async function stockMusl(): Promise<Musl> {
  const deb = await downloadBinary('musl-dev', 'amd64');
  const folder = await once('musl', [deb], (scratch) => unpackBinary(deb, scratch));
  const { stdout } = await execa(llvm.clang, ['--version']);
  return {
    include: join(folder, 'usr/include', triple),
    lib: join(folder, 'usr/lib', triple),
    key: `${stdout} ${deb}`,
  };
}

let musl: Promise<Musl> | undefined;

/** Without position independence, which would cost it something. */
const flags = ['-O2', `--target=${triple}`, '-fno-pie', '-nostdlibinc'];

/** Compiles and links; returns the executable. */
export async function buildOrdinary(
  { name, key, files, flags: own }: Source,
  more: readonly string[] = [],
): Promise<string> {
  musl ??= stockMusl();
  const { include, lib, key: muslKey } = await musl;
  const folder = await once(`${name}-ordinary`, [muslKey, ...more, ...key], async (scratch) => {
    const objects = files.map((_, index) => join(scratch, `${index}.o`));
    for (const [index, file] of files.entries()) {
      const output = objects[index] ?? '';
      await execa(llvm.clang, [...flags, '-isystem', include, ...own, ...more, '-c', file, '-o', output]);
    }
    const crt = (object: string) => join(lib, object);
    await execa(llvm.lld, [
      ...['-static', '-o', join(scratch, 'app'), crt('crt1.o'), crt('crti.o'), ...objects],
      ...[crt('libc.a'), crt('crtn.o')],
    ]);
  });
  return join(folder, 'app');
}
