// SPDX-License-Identifier: GPL-3.0-or-later
import { parseInteger, usageError } from '@h-containers/tool-kit';

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, '': 1000 };

/** '10s', '500ms', '2m'; a bare number is seconds. */
export function parseDuration(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|)$/.exec(text);
  const unit = UNITS[match?.[2] ?? 'none'];
  if (!match || unit === undefined)
    throw usageError(`${option}: '${text}' is not a duration`, 'for example 10s, 500ms or 2m');
  return Number(match[1]) * unit;
}

export function parsePids(operands: readonly string[]): number[] {
  if (operands.length === 0)
    throw usageError('no process given', 'name it by its pid, as in: hc-notify 4242');
  return [...new Set(operands.map((text) => parseInteger('PID', text, { min: 2, max: 4194304 })))];
}
