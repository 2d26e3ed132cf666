// SPDX-License-Identifier: GPL-3.0-or-later
import type { ArgDef, ArgsDef } from 'citty';

export interface HelpText {
  name: string;
  summary: string;
  /** Default: one line made from the arguments. */
  synopsis?: readonly string[];
  /** Paragraphs. */
  description: readonly string[];
  args: ArgsDef;
  /** Besides 0, 1, 2. */
  exitStatus?: Readonly<Record<number, string>>;
  examples: readonly { command: string; text: string }[];
}

const WIDTH = 80;
const EXIT_STATUS: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'failed; the reason is on stderr',
  2: 'wrong usage',
};

const INTERRUPTED = 'interrupted by the signal of that number';

/** A manual page as plain text. */
export function renderHelp(help: HelpText): string {
  const options = Object.entries(help.args).filter(([, def]) => def.type !== 'positional');
  const operands = Object.entries(help.args).filter(([, def]) => def.type === 'positional');
  const optionRows = options.map(([name, def]) => [optionTitle(name, def), optionText(def)] as const);
  const operandRows = operands.map(([name, def]) => [operandTitle(name), def.description ?? ''] as const);
  const status = [...Object.entries({ ...EXIT_STATUS, ...help.exitStatus }), ['128+', INTERRUPTED] as const];
  const sections: [string, string][] = [
    ['NAME', wrap(`${help.name} - ${help.summary}`)],
    ['SYNOPSIS', (help.synopsis ?? [defaultSynopsis(help)]).map((line) => `    ${line}`).join('\n')],
    ['DESCRIPTION', help.description.map((paragraph) => wrap(paragraph)).join('\n\n')],
    ['OPERANDS', definitions(operandRows)],
    ['OPTIONS', definitions(optionRows)],
    ['EXIT STATUS', status.map(([code, text]) => `    ${code.padEnd(6)}${text}`).join('\n')],
    ['EXAMPLES', help.examples.map(({ command, text }) => `${wrap(text)}\n        ${command}`).join('\n\n')],
  ];
  return sections
    .filter(([, body]) => body !== '')
    .map(([title, body]) => `${title}\n${body}\n`)
    .join('\n');
}

function defaultSynopsis({ name, args }: HelpText): string {
  const operands = Object.entries(args).filter(([, def]) => def.type === 'positional');
  const required = (def: ArgDef) => def.required !== false && def.default === undefined;
  const words = operands.map(([key, def]) => (required(def) ? operandTitle(key) : `[${operandTitle(key)}]`));
  return [name, '[OPTIONS]', ...words].join(' ');
}

function operandTitle(name: string): string {
  return name.toUpperCase();
}

function optionTitle(name: string, def: ArgDef): string {
  const aliases = 'alias' in def ? [def.alias ?? []].flat() : [];
  const spellings = [
    ...aliases.map((alias) => (alias.length === 1 ? `-${alias}` : `--${alias}`)),
    `--${name}`,
  ];
  const value = def.type === 'enum' ? (def.options ?? []).join('|') : (def.valueHint ?? name.toUpperCase());
  return spellings.join(', ') + (def.type === 'boolean' ? '' : ` ${value}`);
}

function optionText(def: ArgDef): string {
  const text = def.description ?? '';
  return def.default === undefined || def.default === false ? text : `${text} (default: ${def.default})`;
}

function definitions(rows: readonly (readonly [string, string])[]): string {
  return rows.map(([title, text]) => `    ${title}\n${wrap(text, 12)}`).join('\n');
}

export function wrap(text: string, indent = 4): string {
  const margin = ' '.repeat(indent);
  const lines: string[] = [];
  let line = margin;
  for (const word of text.split(/\s+/)) {
    if (line.length > indent && line.length + word.length > WIDTH) {
      lines.push(line.trimEnd());
      line = margin;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()].join('\n');
}
