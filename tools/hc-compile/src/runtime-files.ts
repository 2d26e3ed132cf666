// SPDX-License-Identifier: GPL-3.0-or-later
// What of native/runtime goes into a program, and which symbols the two sides expect of each other.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Isa, isas, type NativePaths } from '@h-containers/native-toolchain';
import { HcError } from '@h-containers/tool-kit';
import { readSymbols } from './elf.ts';

export const runtimes = ['normal', 'scribble'] as const;
export type Runtime = (typeof runtimes)[number];

export interface RuntimeFiles {
  /** Bitcode: the part that is one for both ISAs. */
  common: string;
  /** Machine code, in link order. */
  objects: Record<Isa, string[]>;
}

/** Folders of objects under native/runtime/build; the later ones' files replace earlier ones of the same name. */
const objectFolders: Record<Runtime, (isa: Isa) => string[]> = {
  normal: (isa) => [isa],
  scribble: (isa) => [isa, join('scribble', isa)],
};

export function runtimeFiles({ runtime: build }: NativePaths, runtime: Runtime): RuntimeFiles {
  const objectsFor = (isa: Isa): string[] => {
    const byName = new Map<string, string>();
    for (const folder of objectFolders[runtime](isa)) {
      for (const name of objectNames(join(build, folder))) byName.set(name, join(build, folder, name));
    }
    return [...byName.keys()].sort().flatMap((name) => byName.get(name) ?? []);
  };
  return {
    common: join(build, 'libhc.a'),
    objects: { 'x86-64': objectsFor('x86-64'), aarch64: objectsFor('aarch64') },
  };
}

function objectNames(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith('.o'));
  } catch {
    throw new HcError(`the runtime is not built: ${folder} is missing`, { hint: 'npx nx build hc-compile' });
  }
}

export interface RuntimeSymbols {
  /** Defined for both ISAs: the program may refer to them. */
  provided: Set<string>;
  /** Used for any ISA by any runtime: the program's module keeps them, so that it can be linked with each. */
  needed: string[];
}

export function runtimeSymbols(native: NativePaths): RuntimeSymbols {
  const perLink = runtimes.flatMap((runtime) => {
    const { objects } = runtimeFiles(native, runtime);
    return isas.map((isa) => linkSymbols(objects[isa]));
  });
  const [first, ...others] = perLink;
  const everywhere = [...(first?.defined ?? [])].filter((name) =>
    others.every(({ defined }) => defined.has(name)),
  );
  return {
    provided: new Set(everywhere),
    needed: [...new Set(perLink.flatMap(({ needed }) => needed))].sort(),
  };
}

function linkSymbols(objects: readonly string[]): { defined: Set<string>; needed: string[] } {
  const all = objects.map((path) => readSymbols(readFileSync(path)));
  const defined = new Set(all.flatMap((symbols) => symbols.defined));
  return {
    defined,
    needed: all.flatMap((symbols) => symbols.undefined).filter((name) => !defined.has(name)),
  };
}
