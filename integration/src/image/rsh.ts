// SPDX-License-Identifier: GPL-3.0-or-later
import { join } from 'node:path';
import { downloadBinaries, unpackBinary } from '@h-containers/debian-packages';
import { execa } from 'execa';
import type { GuestPlan } from '../architectures.ts';
import { top } from '../paths.ts';

export const rshSource = join(top, 'integration/rsh/rsh.c');

/** Compiles the guests' remote shell, statically against Debian's musl for the guest's architecture. */
export async function buildRsh(scratch: string, plan: GuestPlan, output: string): Promise<void> {
  const tree = join(scratch, 'musl');
  // libgcc has the arithmetic of aarch64's 128-bit long double, which musl's printf uses.
  for (const deb of await downloadBinaries(['musl-dev', 'libgcc-12-dev'], plan.debian)) {
    await unpackBinary(deb, tree);
  }
  const libgcc = join(tree, 'usr/lib/gcc', plan.triplet, '12/libgcc.a');
  const target = plan.triplet.replace('gnu', 'musl');
  const library = (name: string): string => join(tree, 'usr/lib', target, name);
  const { stdout: resources } = await execa('clang-19', ['--print-resource-dir']);
  await execa('clang-19', [
    ...[`--target=${target}`, '-O2', '-Wall', '-Wextra', '-Werror', '-Wno-unused-result'],
    ...['-nostdinc', '-isystem', join(tree, 'usr/include', target), '-isystem', join(resources, 'include')],
    ...['-nostdlib', '-static', '-fuse-ld=lld', '-Wl,--build-id=none', '-s'],
    ...[
      library('crt1.o'),
      library('crti.o'),
      rshSource,
      library('libc.a'),
      libgcc,
      library('crtn.o'),
      '-o',
      output,
    ],
  ]);
}
