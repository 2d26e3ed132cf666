// SPDX-License-Identifier: GPL-3.0-or-later
export * as abi from './abi.ts';
export { Bundle, openBundle } from './bundle.ts';
export { type ElfFacts, readElfFacts } from './elf.ts';
export {
  buildIdPath,
  bundleAround,
  bundleDirectories,
  DEFAULT_BUNDLES,
  findBundle,
  type Search,
} from './lookup.ts';
export { FORMAT, formatManifest, type Manifest, POINTS, type Points, parseManifest } from './manifest.ts';
export { Names, parseNames, type SiteName } from './names.ts';
export { decodeSites, encodeSites, type Site, type SiteTables } from './sites.ts';
