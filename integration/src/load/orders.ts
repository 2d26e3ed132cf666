// SPDX-License-Identifier: GPL-3.0-or-later
// Drives a load client (client.ts) that runs as a process, here or in another machine, through its stdin and stdout.

import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { Result } from './tally.ts';

interface Answer {
  word?: string;
  result?: unknown;
  error?: string;
}

/** Resolves or rejects with what it wrote to stderr when it has ended, as execa's do. */
export interface ClientProcess extends PromiseLike<{ stderr?: unknown }> {
  stdin: Writable;
  stdout: Readable;
}

export class LoadClient {
  readonly #stdin: Writable;
  readonly #lines: AsyncIterator<string>;
  readonly #stderr: PromiseLike<unknown>;

  private constructor(process: ClientProcess) {
    const { stdin, stdout } = process;
    this.#stdin = stdin;
    this.#stderr = process.then(
      ({ stderr }) => stderr,
      (error) => error.stderr,
    );
    // It may end before it has read an order; the end of its output tells.
    stdin.on('error', () => {});
    this.#lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  }

  /** Resolves once all connections stand and the load runs; the process must have been started with `--json`. */
  static async start(process: ClientProcess): Promise<LoadClient> {
    const client = new LoadClient(process);
    await client.#answer('started');
    return client;
  }

  /** Has the client do something, as `pause` or `digest`, and returns what came of it. */
  async order(word: string): Promise<unknown> {
    this.#stdin.write(`${word}\n`);
    return this.#answer(word);
  }

  /** Ends the load. */
  async finish(): Promise<Result> {
    this.#stdin.end('stop\n');
    return JSON.parse(await this.#line('a result'));
  }

  async #answer(word: string): Promise<unknown> {
    const line = await this.#line(`"${word}"`);
    const answer: Answer = JSON.parse(line);
    if (answer.error !== undefined) throw new Error(`${word}: ${answer.error}`);
    if (answer.word !== word) throw new Error(`the load client said ${line} instead of "${word}"`);
    return answer.result;
  }

  async #line(wanted: string): Promise<string> {
    const { value, done } = await this.#lines.next();
    if (done)
      throw new Error(`the load client ended before it said ${wanted}: ${(await this.#stderr) ?? ''}`);
    return value;
  }
}
