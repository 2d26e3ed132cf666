// SPDX-License-Identifier: GPL-3.0-or-later
// The overhead as people read it: a line per program.
import type { ProgramResult, Variant } from './overhead.ts';

const column = (text: string): string => text.padStart(9);

export function heading(variants: readonly Variant[]): string {
  const names = variants.map((name) => column(name === 'lto' ? '-flto' : name));
  return ['program'.padEnd(16), 'clang -O2'.padStart(10), ...names, '   code KiB'].join(' ');
}

const kib = (bytes: number): string => (bytes / 1024).toFixed(0).padStart(4);

/** Ratios in the order of the variants, then the code sizes of all builds. */
export function line({ name, ordinary, builds }: ProgramResult): string {
  const compared = Object.values(builds);
  const ratios = compared.map(({ ratio }) => column(ratio.toFixed(3)));
  const sizes = [ordinary, ...compared].map((one) => kib(one.textBytes));
  return [name.padEnd(16), `${ordinary.cpuMs.toFixed(0)} ms`.padStart(10), ...ratios, ...sizes].join(' ');
}

export function lastLine(means: readonly number[]): string {
  return ['geometric mean'.padEnd(27), ...means.map((mean) => column(mean.toFixed(3)))].join(' ');
}
