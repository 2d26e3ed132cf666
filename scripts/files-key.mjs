// SPDX-License-Identifier: GPL-3.0-or-later
// Prints a key of names, sizes and times of all files below the folders given: as long as it is the same, nothing that
// is made from them or lies among them has changed. Runs before any module is there.
import { createHash } from 'node:crypto';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const hash = createHash('sha256');

function add(path) {
  const info = statSync(path, { throwIfNoEntry: false });
  if (!info) return;
  if (info.isDirectory()) {
    for (const name of readdirSync(path).sort()) if (name !== 'node_modules') add(join(path, name));
  } else {
    hash.update(`${path}\0${info.size}\0${info.mtimeMs}\0`);
  }
}

for (const folder of process.argv.slice(2)) add(folder);
console.log(hash.digest('hex'));
