// SPDX-License-Identifier: GPL-3.0-or-later
export { hiddenMacros, portableFlags, unwindFlags } from './flags.ts';
export { findRoot, type NativePaths, nativePaths } from './paths.ts';
export { type Isa, isas, isaTriples, llvm } from './tools.ts';
