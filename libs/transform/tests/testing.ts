// SPDX-License-Identifier: GPL-3.0-or-later
// What tests of other packages use.
export * from './make-dump.ts';
export * from './make-program.ts';
export * from './random.ts';
