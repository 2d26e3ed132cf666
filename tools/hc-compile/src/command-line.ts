// SPDX-License-Identifier: GPL-3.0-or-later
// Reads the command line of a C compiler (gcc's and clang's common ground).
import { readFileSync } from 'node:fs';
import { usageError } from '@h-containers/tool-kit';
import {
  driverOptions,
  linkerOptions,
  linkerOptionsWithValue,
  optionsWithValue,
  rowFor,
} from './option-table.ts';

export type Mode =
  | 'link'
  /** -r */
  | 'combine'
  /** -c */
  | 'object'
  /** -S: textual IR */
  | 'assembly'
  /** -E, -M, -MM */
  | 'preprocess'
  /** -fsyntax-only */
  | 'check'
  /** Questions to the compiler that have no input: --version, -dumpmachine, ... */
  | 'query';

export interface Source {
  path: string;
  /** From -x; otherwise clang goes by the name. */
  language?: string;
}

/** What is linked, in the order of the command line. */
export type LinkInput = { source: Source } | { file: string } | { flags: string[] };

export interface CommandLine {
  mode: Mode;
  output?: string;
  inputs: LinkInput[];
  /** For every source. */
  compileFlags: string[];
  /** Last -O on the command line. */
  optimise?: string;
  warnings: string[];
  verbose: boolean;
  /** The words as given, response files expanded. */
  words: string[];
}

const modes: Record<string, Mode> = {
  '-c': 'object',
  '-S': 'assembly',
  '-E': 'preprocess',
  '-M': 'preprocess',
  '-MM': 'preprocess',
  '-fsyntax-only': 'check',
  '-r': 'combine',
};
/** When several are given, the one that stops earliest counts. */
const precedence: Mode[] = ['preprocess', 'check', 'assembly', 'object', 'combine', 'link'];

const queries = /^(--version|--help|-v|-V|-###|-dump.*|-print-.*|--print-.*|-qversion|--target-help)$/;
const sourceName = /\.(c|i|C|cc|cpp|cxx|c\+\+|ii|s|S|sx|ll|m|mm)$/;

/** `words` without the program's name. */
export function readCommandLine(words: readonly string[]): CommandLine {
  const expanded = words.flatMap((word) => expandResponseFile(word));
  return new Reader(expanded).read();
}

class Reader {
  readonly #words: string[];
  readonly #line: CommandLine;
  readonly #modes = new Set<Mode>();
  #language: string | undefined;
  #query = false;
  /** From -Xlinker, whose options and values come one by one. */
  #awaitsValue: string | undefined;

  constructor(words: string[]) {
    this.#words = words;
    this.#line = { mode: 'link', inputs: [], compileFlags: [], warnings: [], verbose: false, words };
  }

  read(): CommandLine {
    const queue = this.#words.values();
    const next = (option: string): string => {
      const { value, done } = queue.next();
      if (done) throw usageError(`option '${option}' needs a value`);
      return value;
    };
    for (const word of queue) {
      if (word === '-' || !word.startsWith('-')) this.#input(word);
      else if (optionsWithValue.has(word)) this.#option(word, [next(word)]);
      else this.#option(word, []);
    }
    const line = this.#line;
    line.mode = precedence.find((mode) => this.#modes.has(mode)) ?? 'link';
    const hasInput = line.inputs.some((input) => !('flags' in input));
    if (!hasInput && (this.#query || line.mode !== 'combine')) line.mode = 'query';
    return line;
  }

  #input(path: string): void {
    const { inputs } = this.#line;
    const language = this.#language;
    if (language !== undefined && language !== 'none') inputs.push({ source: { path, language } });
    else if (path === '-' || sourceName.test(path)) inputs.push({ source: { path } });
    else inputs.push({ file: path });
  }

  #option(option: string, value: string[]): void {
    const line = this.#line;
    const mode = modes[option];
    if (mode) this.#modes.add(mode);
    if (option === '-M' || option === '-MM') line.compileFlags.push(option);
    else if (option === '-E') line.compileFlags.push(option);
    if (mode) return;
    if (queries.test(option)) {
      this.#query = true;
      line.verbose ||= option === '-v' || option === '-###';
    } else if (option === '-o') line.output = value[0] ?? '';
    else if (option.startsWith('-o') && !option.startsWith('-ob')) line.output = option.slice(2);
    else if (option === '-x') this.#language = value[0];
    else if (option.startsWith('-x')) this.#language = option.slice(2);
    else if (option.startsWith('-l')) line.inputs.push({ flags: [`-l${option.slice(2)}${value.join('')}`] });
    else if (/^-O/.test(option)) {
      line.optimise = option;
      line.compileFlags.push(option);
    } else this.#byTable(option, value);
  }

  #byTable(option: string, value: string[]): void {
    const line = this.#line;
    const row = rowFor(driverOptions, option);
    const shown = [option, ...value].join(' ');
    if (row.action === 'refuse') throw usageError(`'${shown}': ${row.why}`);
    if (row.action === 'warn') line.warnings.push(`'${shown}' ignored: ${row.why}`);
    if (row.action === 'compile') line.compileFlags.push(option, ...value);
    if (row.action !== 'link') return;
    if (option.startsWith('-Wl,')) this.#linkerFlags(option.slice(4).split(','));
    else if (option === '-Xlinker') this.#linkerFlags(value);
    else this.#linkerFlags([option, ...value]);
  }

  #linkerFlags(flags: string[]): void {
    const queue = [...(this.#awaitsValue ? [this.#awaitsValue] : []), ...flags].values();
    this.#awaitsValue = undefined;
    for (const flag of queue) {
      const value: string[] = [];
      if (linkerOptionsWithValue.has(flag)) {
        const following = queue.next();
        if (following.done) {
          this.#awaitsValue = flag;
          return;
        }
        value.push(following.value);
      }
      const { action, why } = rowFor(linkerOptions, [flag, ...value].join(' '));
      if (action === 'refuse') throw usageError(`linker option '${flag}': ${why}`);
      if (action === 'link') this.#line.inputs.push({ flags: [flag, ...value] });
    }
  }
}

/** @FILE holds more words, quoted as GNU programs do; a file that is not there is an ordinary word. */
function expandResponseFile(word: string): string[] {
  if (!word.startsWith('@')) return [word];
  let text: string;
  try {
    text = readFileSync(word.slice(1), 'utf8');
  } catch {
    return [word];
  }
  return splitWords(text).flatMap(expandResponseFile);
}

export function splitWords(text: string): string[] {
  const words: string[] = [];
  for (const [word] of text.matchAll(/(?:\\[\s\S]|'[^']*'|"(?:\\[\s\S]|[^"\\])*"|[^\s\\'"])+/g)) {
    words.push(
      word.replace(
        /\\([\s\S])|'([^']*)'|"((?:\\[\s\S]|[^"\\])*)"/g,
        (_, escaped, single, double) => escaped ?? single ?? String(double).replace(/\\([\s\S])/g, '$1'),
      ),
    );
  }
  return words;
}
