// SPDX-License-Identifier: GPL-3.0-or-later
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { imageFiles } from '../paths.ts';
import { bootModules, selectModules } from './kernel-modules.ts';

/** Writes an initramfs of busybox and the modules that reach the root disk. Uncompressed: that boots quickest under TCG. */
export async function buildInitramfs(
  scratch: string,
  parts: { busybox: string; modules: string },
  output: string,
): Promise<void> {
  const tree = join(scratch, 'initramfs');
  for (const folder of ['bin', 'dev', 'proc', 'root', 'modules']) {
    await mkdir(join(tree, folder), { recursive: true });
  }
  await copyFile(parts.busybox, join(tree, 'bin/busybox'));
  await copyFile(join(imageFiles, 'init'), join(tree, 'init'));
  await chmod(join(tree, 'init'), 0o755);
  const modules = await selectModules(parts.modules, bootModules);
  for (const { name, path } of modules) await copyFile(path, join(tree, 'modules', `${name}.ko`));
  await writeFile(join(tree, 'modules', 'order'), `${modules.map(({ name }) => name).join('\n')}\n`);
  await execa(
    'sh',
    ['-c', 'find . | LC_ALL=C sort | cpio --quiet -o -H newc -R 0:0 --reproducible > "$1"', 'sh', output],
    { cwd: tree },
  );
}
