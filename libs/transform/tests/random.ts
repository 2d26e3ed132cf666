// SPDX-License-Identifier: GPL-3.0-or-later
// Random numbers that a failed test can be repeated with.

export interface Random {
  /** Both ends included. */
  between(low: number, high: number): number;
  bytes(length: number): Buffer;
  shuffle<T>(items: T[]): T[];
}

/** mulberry32: good enough for tests, and the same everywhere. */
export function makeRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const between = (low: number, high: number) => low + Math.floor(next() * (high - low + 1));
  return {
    between,
    bytes: (length) => Buffer.from(Array.from({ length }, () => between(0, 255))),
    shuffle(items) {
      const copy = [...items];
      for (let i = copy.length - 1; i > 0; i--) {
        const j = between(0, i);
        const [a, b] = [copy[i], copy[j]];
        if (a !== undefined && b !== undefined) [copy[i], copy[j]] = [b, a];
      }
      return copy;
    },
  };
}
