// SPDX-License-Identifier: GPL-3.0-or-later
import { execa } from 'execa';
import { commandError, shellLine } from './commands.ts';

/** A tool that has started and waits for its commands on stdin: the time it takes to start is no down time. */
export class Prepared {
  readonly #words: readonly string[];
  readonly #child;

  constructor(words: readonly string[]) {
    const [program = '', ...args] = words;
    this.#words = words;
    // A session of its own: Ctrl-C must not end it half-way.
    this.#child = execa(program, args, { reject: false, detached: true });
    this.#child.stdin.on('error', () => {});
  }

  static rules(): Prepared {
    return new Prepared(['nft', '-f', '-']);
  }

  static addresses(): Prepared {
    return new Prepared(['ip', '-batch', '-']);
  }

  async apply(commands: string): Promise<void> {
    this.#child.stdin.end(commands);
    const result = await this.#child;
    if (result.failed) throw commandError(this.#words, result);
  }

  /** Lets it go, without its having done anything if it was not asked to. */
  async dismiss(): Promise<void> {
    this.#child.stdin.end();
    await this.#child;
  }
}

/** Lines for Prepared.addresses(): commands of ip(8) without their first word. */
export function ipBatch(commands: readonly (readonly string[])[]): string {
  return commands.map((words) => `${shellLine(words.slice(1))}\n`).join('');
}
