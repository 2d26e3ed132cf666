// SPDX-License-Identifier: GPL-3.0-or-later

export type Pool = <T>(work: () => Promise<T>) => Promise<T>;

/** Runs at most `size` works at a time, in the order in which they are given. */
export function pool(size: number): Pool {
  const waiting: (() => void)[] = [];
  let free = size;
  return async (work) => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    }
  };
}
