// SPDX-License-Identifier: GPL-3.0-or-later

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (upper + lower) / 2;
}

/** Ratios are compared by their geometric mean: it does not depend on which side is the base. */
export function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/** Digits that mean something, for results that people read. */
export function round(value: number, digits = 3): number {
  return Number(value.toFixed(digits));
}
