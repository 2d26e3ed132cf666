// SPDX-License-Identifier: GPL-3.0-or-later
export { decisiveLines } from './log.ts';
export { type CriuOptions, type CriuRun, criuVersion, runCriu, toArguments } from './run.ts';
