// SPDX-License-Identifier: GPL-3.0-or-later
// Debian's musl of either architecture, for static programs as an ordinary compiler makes them; nothing is installed.
import { join } from 'node:path';
import { execa } from 'execa';
import type { Architecture } from './apt-state.ts';
import { downloadBinaries, unpackBinary } from './packages.ts';

const clang = 'clang-19';
const machines: Record<Architecture, string> = { amd64: 'x86_64', arm64: 'aarch64' };

export interface StaticCompiler {
  compiler: string;
  /** Arguments around the program's own files. */
  before: string[];
  after: string[];
}

/** Unpacks musl into `tree`, and says how to compile and link with it, position-independent (`pie`) or not. */
export async function muslCompiler(
  architecture: Architecture,
  tree: string,
  pie = false,
): Promise<StaticCompiler> {
  // libgcc has the arithmetic of aarch64's 128-bit long double, which musl's printf uses.
  for (const deb of await downloadBinaries(['musl-dev', 'libgcc-12-dev'], architecture)) {
    await unpackBinary(deb, tree);
  }
  const target = `${machines[architecture]}-linux-musl`;
  const libgcc = join(tree, 'usr/lib/gcc', `${machines[architecture]}-linux-gnu`, '12/libgcc.a');
  const library = (name: string): string => join(tree, 'usr/lib', target, name);
  const { stdout: resources } = await execa(clang, ['--print-resource-dir']);
  return {
    compiler: clang,
    before: [
      ...[`--target=${target}`, '-nostdinc', '-isystem', join(tree, 'usr/include', target)],
      ...['-isystem', join(resources, 'include')],
      ...[
        '-nostdlib',
        '-static',
        '-fuse-ld=lld',
        '-Wl,--build-id=none',
        // Or where GNU ld links.
        ...(pie ? ['-fPIE', '-Wl,-pie,--no-dynamic-linker'] : ['-Wl,--image-base=0x400000']),
        library(pie ? 'rcrt1.o' : 'crt1.o'),
        library('crti.o'),
      ],
    ],
    after: [library('libc.a'), libgcc, library('libc.a'), library('crtn.o')],
  };
}
