// SPDX-License-Identifier: GPL-3.0-or-later

export type Level = 'progress' | 'info' | 'warning' | 'error';
export type Fields = Record<string, unknown>;

export interface ReporterOptions {
  tool: string;
  json: boolean;
  quiet: boolean;
  /** Default: process.stderr. */
  stream?: { write(text: string): unknown };
}

/** Messages for people (or, with --json, one object per line) on stderr; stdout belongs to the image stream. */
export class Reporter {
  readonly #options: ReporterOptions;

  constructor(options: ReporterOptions) {
    this.#options = options;
  }

  /** What goes on right now. */
  progress(message: string, fields?: Fields): void {
    this.#emit('progress', message, fields);
  }

  /** A result worth keeping. */
  info(message: string, fields?: Fields): void {
    this.#emit('info', message, fields);
  }

  warn(message: string, fields?: Fields): void {
    this.#emit('warning', message, fields);
  }

  error(message: string, fields?: Fields): void {
    this.#emit('error', message, fields);
  }

  #emit(level: Level, message: string, fields: Fields = {}): void {
    const { tool, json, quiet } = this.#options;
    if (quiet && (level === 'progress' || level === 'info')) return;
    const stream = this.#options.stream ?? process.stderr;
    if (json) {
      stream.write(`${JSON.stringify({ tool, level, message, ...fields }, bigintAsString)}\n`);
      return;
    }
    const prefix = level === 'warning' || level === 'error' ? `${level}: ` : '';
    const hint = typeof fields.hint === 'string' ? `\n${tool}: hint: ${fields.hint}` : '';
    stream.write(`${tool}: ${prefix}${message}${hint}\n`);
  }
}

/** JSON.stringify replacer: 64-bit values become decimal strings. */
export function bigintAsString(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
