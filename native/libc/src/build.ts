// SPDX-License-Identifier: GPL-3.0-or-later
// Builds the sysroot. It is put in place only when complete, so that a build that was stopped leaves the old one; each
// build has a folder of its own, so that two at the same time do no harm.
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { setPriority } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadBinary, downloadSource, unpackBinary } from '@h-containers/debian-packages';
import { findRoot, nativePaths } from '@h-containers/native-toolchain';
import { prepareTree } from './changes.ts';
import { compileLibrary } from './compile.ts';
import { installHeaders } from './headers.ts';

setPriority(10);
const project = dirname(dirname(fileURLToPath(import.meta.url)));
const cache = join(findRoot(), '.cache');
const { sysroot } = nativePaths();
const started = Date.now();

const musl = await downloadSource('musl');
await mkdir(cache, { recursive: true });
const work = await mkdtemp(join(cache, 'libc-'));
const kernel = join(work, 'kernel-headers');
await unpackBinary(await downloadBinary('linux-libc-dev', 'amd64'), kernel);

const tree = join(work, 'musl');
const fresh = join(work, 'sysroot');
const changes = await prepareTree(musl, project, tree);
await installHeaders(tree, kernel, join(fresh, 'include'));
// For those parts of musl that the runtime supplies: musl's own view of its structs.
for (const folder of ['include', 'arch/hc', 'arch/generic', 'src/include', 'src/internal']) {
  await cp(join(tree, folder), join(fresh, 'internal', folder), { recursive: true });
}
const files = await compileLibrary(tree, join(work, 'objects'), fresh, changes.flags);

await rm(sysroot, { recursive: true, force: true });
await rename(fresh, sysroot);
await rm(work, { recursive: true });
console.error(`libc: ${files} files in ${Math.round((Date.now() - started) / 1000)} s`);
