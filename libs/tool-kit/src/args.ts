// SPDX-License-Identifier: GPL-3.0-or-later
import { parseArgs as nodeParseArgs } from 'node:util';
import type { ArgDef, ArgsDef } from 'citty';
import { errorCode, usageError } from './errors.ts';

/** Understood by every tool. */
export const COMMON_ARGS = {
  json: { type: 'boolean', description: 'write messages to stderr as one JSON object per line' },
  quiet: { type: 'boolean', description: 'write nothing but warnings and errors to stderr' },
  help: { type: 'boolean', alias: 'h', description: 'show this text' },
  version: { type: 'boolean', description: 'show the version' },
} as const satisfies ArgsDef;

export type CommonArgs = typeof COMMON_ARGS;

const TRY_HELP = 'run it with --help for all options';

/**
 * citty accepts whatever it is given; a tool that stops and kills processes must not. Unknown options, options
 * without their value and surplus operands are usage errors. anyOperands: there may be any number of operands.
 */
export function checkArgs(argv: readonly string[], args: ArgsDef, anyOperands = false): void {
  const named = Object.entries(args).filter(([, def]) => def.type !== 'positional');
  const options = Object.fromEntries(named.map(([name, def]) => [name, nodeOption(def)]));
  let operands: string[];
  try {
    operands = nodeParseArgs({
      args: [...argv],
      options,
      allowPositionals: true,
      allowNegative: true,
      strict: true,
    }).positionals;
  } catch (error) {
    if (!errorCode(error)?.startsWith('ERR_PARSE_ARGS')) throw error;
    throw usageError(firstSentence(error instanceof Error ? error.message : String(error)), TRY_HELP);
  }
  if (anyOperands) return;
  const room = Object.values(args).filter((def) => def.type === 'positional').length;
  const surplus = operands[room];
  if (surplus !== undefined) throw usageError(`unexpected operand '${surplus}'`, TRY_HELP);
}

function nodeOption(def: ArgDef): { type: 'boolean' | 'string'; short?: string } {
  const aliases = 'alias' in def ? [def.alias ?? []].flat() : [];
  const short = aliases.find((alias) => alias.length === 1);
  return { type: def.type === 'boolean' ? 'boolean' : 'string', ...(short === undefined ? {} : { short }) };
}

/** Node appends advice about '--' that does not fit us. */
function firstSentence(message: string): string {
  return (message.split(/\. |\n/)[0] ?? message).replace(/\.$/, '');
}

/** Every value of an option that may be given several times: citty keeps the last one only. */
export function repeated(name: string, argv: readonly string[] = process.argv.slice(2)): string[] {
  const options = { [name]: { type: 'string', multiple: true } } as const;
  const { values } = nodeParseArgs({ args: [...argv], options, strict: false, allowPositionals: true });
  const given: unknown = values[name];
  return Array.isArray(given) ? given.filter((value) => typeof value === 'string') : [];
}

/** A decimal number from the command line. */
export function parseInteger(
  option: string,
  value: string,
  range: { min?: number; max?: number } = {},
): number {
  const { min = 0, max = Number.MAX_SAFE_INTEGER } = range;
  const number = /^-?\d+$/.test(value) ? Number(value) : Number.NaN;
  if (!(number >= min && number <= max))
    throw usageError(`${option}: '${value}' is not a whole number from ${min} to ${max}`);
  return number;
}
