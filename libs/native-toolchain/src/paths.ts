// SPDX-License-Identifier: GPL-3.0-or-later
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface NativePaths {
  /** Headers and libraries that programs are compiled and linked with. */
  sysroot: string;
  /** hc-codegen. */
  codegen: string;
  /** hc-lift's native part. */
  lift: string;
  /** Runtime archives and objects. */
  runtime: string;
}

/** The top of the project: the first folder upwards that holds native/runtime. Works from src/ and from dist/. */
export function findRoot(from: string = dirname(fileURLToPath(import.meta.url))): string {
  for (let folder = from; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'native', 'runtime'))) return folder;
    if (folder === dirname(folder)) {
      throw new Error(
        `no native/runtime above ${from}: the tool was moved out of its project; run it from there`,
      );
    }
  }
}

export function nativePaths(root: string = findRoot()): NativePaths {
  return {
    sysroot: join(root, '.cache', 'sysroot'),
    codegen: join(root, 'native', 'codegen', 'build', 'hc-codegen'),
    lift: join(root, 'native', 'lift', 'build', 'hc-lift'),
    runtime: join(root, 'native', 'runtime', 'build'),
  };
}
