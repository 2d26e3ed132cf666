// SPDX-License-Identifier: GPL-3.0-or-later
// Exits with 0 when node_modules holds what package-lock.json asks for. Runs before any module is there.
import { existsSync, readFileSync } from 'node:fs';

const packages = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;

function isCurrent() {
  const wanted = packages('package-lock.json');
  const present = packages('node_modules/.package-lock.json');
  return Object.entries(wanted)
    .filter(([path, entry]) => path.startsWith('node_modules/') && !entry.optional)
    .every(([path, entry]) => existsSync(path) && present[path]?.version === entry.version);
}

try {
  process.exitCode = isCurrent() ? 0 : 1;
} catch {
  process.exitCode = 1;
}
