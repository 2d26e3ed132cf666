// SPDX-License-Identifier: GPL-3.0-or-later
import { bundleDirectories } from '@h-containers/bundle';
import { type Isa, parseIsa, repeated, usageError } from '@h-containers/tool-kit';

export interface Options {
  mode: 'transform' | 'check' | 'show';
  /** Only left out for check and show: the other ISA then. */
  to: Isa | undefined;
  /** Where bundles are looked for. */
  bundles: string[];
}

interface Given {
  to?: string | undefined;
  out?: string | undefined;
  check?: boolean | undefined;
  show?: boolean | undefined;
}

export function readOptions(args: Given, argv: readonly string[] = process.argv.slice(2)): Options {
  if (args.check && args.show) throw usageError('--check and --show exclude each other');
  const mode = args.check ? 'check' : args.show ? 'show' : 'transform';
  if (mode !== 'transform' && args.out !== undefined)
    throw usageError(`--${mode} writes no images: leave out --out`);
  if (mode === 'transform' && args.to === undefined)
    throw usageError('--to is missing', 'say --to x86-64 or --to aarch64, or use --check or --show');
  return {
    mode,
    to: args.to === undefined ? undefined : parseIsa(args.to),
    bundles: bundleDirectories(repeated('bundles', argv)),
  };
}
