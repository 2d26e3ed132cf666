// SPDX-License-Identifier: GPL-3.0-or-later
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import glob from 'fast-glob';

/**
 * System headers describe the canonical x86-64 ABI, but hc-cc hides the macro that says so: their tests of it are
 * decided here (packed epoll_event, __BITS_PER_LONG, ...).
 */
export function decideIsa(text: string): string {
  return text
    .replace(/^(\s*#\s*)ifdef\s+__x86_64__\b/gm, '$1if 1')
    .replace(/^(\s*#\s*)ifndef\s+__x86_64__\b/gm, '$1if 0')
    .replace(/\bdefined\s*(?:\(\s*__x86_64__\s*\)|__x86_64__\b)/g, '1');
}

/** What musl's Makefile generates with sed. */
async function generateHeaders(tree: string, bits: string): Promise<void> {
  const types = await execa(
    'sed',
    ['-f', 'tools/mkalltypes.sed', 'arch/hc/bits/alltypes.h.in', 'include/alltypes.h.in'],
    { cwd: tree },
  );
  await writeFile(join(bits, 'alltypes.h'), `${types.stdout}\n`);

  const numbers = await readFile(join(tree, 'arch/hc/bits/syscall.h.in'), 'utf8');
  const aliases = numbers.split('\n').filter((line) => line.includes('__NR_'));
  await writeFile(join(bits, 'syscall.h'), `${numbers}${aliases.join('\n').replaceAll('__NR_', 'SYS_')}\n`);

  const version = (await readFile(join(tree, 'VERSION'), 'utf8')).trim();
  await writeFile(join(tree, 'src/internal/version.h'), `#define VERSION "${version}"\n`);
}

/** Installs musl's and the kernel's headers in `include`. `kernel` is the unpacked linux-libc-dev. */
export async function installHeaders(tree: string, kernel: string, include: string): Promise<void> {
  const bits = join(include, 'bits');
  await mkdir(include, { recursive: true });
  await cp(join(kernel, 'usr/include'), include, { recursive: true });
  await cp(join(kernel, 'usr/include/x86_64-linux-gnu'), include, { recursive: true });
  // musl's own headers win, for instance scsi/ and the ones it keeps apart from the kernel's.
  await cp(join(tree, 'include'), include, { recursive: true });
  await cp(join(tree, 'arch/generic/bits'), bits, { recursive: true });
  await cp(join(tree, 'arch/hc/bits'), bits, { recursive: true });
  await generateHeaders(tree, bits);

  for (const file of await glob('**/*.h', { cwd: include, absolute: true })) {
    const text = await readFile(file, 'utf8');
    const decided = decideIsa(text);
    if (decided !== text) await writeFile(file, decided);
  }
}
