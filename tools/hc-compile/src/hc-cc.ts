#!/usr/bin/env node
// SPDX-License-Identifier: GPL-3.0-or-later
// hc-cc: a C compiler driver (`make CC=hc-cc`) whose programs move between ISAs.
import { HcError } from '@h-containers/tool-kit';
import { compileAndLink } from './driver.ts';
import { ProgramFailed } from './run.ts';

function explain(error: unknown): string {
  // hc-codegen and the linker say themselves what is wrong, and where.
  if (error instanceof ProgramFailed && error.stderr !== '') return error.message;
  const hint = error instanceof HcError && error.hint ? ` (${error.hint})` : '';
  return `hc-cc: error: ${error instanceof Error ? error.message : String(error)}${hint}`;
}

// A program that was started meanwhile gets the signal, too; then the temporary folder is removed.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});

try {
  process.exitCode = await compileAndLink(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}
