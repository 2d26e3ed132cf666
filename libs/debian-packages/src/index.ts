// SPDX-License-Identifier: GPL-3.0-or-later
export { AptState, type Architecture } from './apt-state.ts';
export { muslCompiler, type StaticCompiler } from './musl.ts';
export {
  downloadBinaries,
  downloadBinary,
  downloadSource,
  downloadUpstream,
  resolveDependency,
  unpackBinary,
} from './packages.ts';
export { privateSources } from './sources.ts';
