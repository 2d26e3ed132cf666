// SPDX-License-Identifier: GPL-3.0-or-later
import { HcError } from '@h-containers/tool-kit';

/** Where a call site is in the source. */
export interface SiteName {
  function: string;
  file: string;
  /** 0 when the compiler did not know. */
  line: number;
}

/** names.json of a bundle: site id -> source. Only messages use it, so an id it lacks is not an error. */
export class Names {
  readonly #functions: readonly string[];
  readonly #sites: readonly unknown[];

  constructor(functions: readonly string[], sites: readonly unknown[]) {
    this.#functions = functions;
    this.#sites = sites;
  }

  site(id: number): SiteName | undefined {
    const entry = this.#sites[id];
    if (!Array.isArray(entry)) return undefined;
    const [index, file, line] = entry as unknown[];
    const name = typeof index === 'number' ? this.#functions[index] : undefined;
    if (name === undefined) return undefined;
    return {
      function: name,
      file: typeof file === 'string' ? file : '',
      line: typeof line === 'number' ? line : 0,
    };
  }
}

export function parseNames(text: string, where: string): Names {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HcError(`${where}: not JSON`, { cause: error, hint: 'unpack the bundle again' });
  }
  const { functions, sites } = (value ?? {}) as { functions?: unknown; sites?: unknown };
  const wellFormed = Array.isArray(functions) && functions.every((name) => typeof name === 'string');
  if (!wellFormed || !Array.isArray(sites)) throw new HcError(`${where}: not a bundle's names`);
  return new Names(functions, sites);
}
