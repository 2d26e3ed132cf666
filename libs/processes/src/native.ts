// SPDX-License-Identifier: GPL-3.0-or-later
import { createRequire } from 'node:module';

interface Native {
  /** 0, or -errno. */
  tgkill(pid: number, tid: number, signal: number): number;
  /** Bytes that can be read from another process's descriptor; or -errno. */
  unread(pid: number, fd: number): number;
}

const require = createRequire(import.meta.url);
const file = `signals-${process.arch}.node`;

/** Next to a bundled cli.js, or in the source tree. */
const places = [`./${file}`, `../../../native/signals/build/${file}`];

function load(): Native {
  const failures: string[] = [];
  for (const place of places) {
    try {
      return require(place) as Native;
    } catch (error) {
      failures.push(String(error));
    }
  }
  throw new Error(`can't load ${file}; build it with native/signals/build.sh\n${failures.join('\n')}`);
}

let loaded: Native | undefined;

/** Loaded on first use, so that `--help` works everywhere. */
export function native(): Native {
  loaded ??= load();
  return loaded;
}
