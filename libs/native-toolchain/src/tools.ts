// SPDX-License-Identifier: GPL-3.0-or-later

/** Debian's names for the programs of LLVM 19. */
export const llvm = {
  clang: 'clang-19',
  lld: 'ld.lld-19',
  ar: 'llvm-ar-19',
  link: 'llvm-link-19',
  nm: 'llvm-nm-19',
  objcopy: 'llvm-objcopy-19',
  opt: 'opt-19',
  llc: 'llc-19',
  readelf: 'llvm-readelf-19',
} as const;

export const isas = ['x86-64', 'aarch64'] as const;
export type Isa = (typeof isas)[number];

/** Triples for the parts that are compiled once per ISA. */
export const isaTriples: Record<Isa, string> = {
  'x86-64': 'x86_64-linux-gnu',
  aarch64: 'aarch64-linux-gnu',
};
