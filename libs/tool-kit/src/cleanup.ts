// SPDX-License-Identifier: GPL-3.0-or-later

type Handler = () => Promise<void> | void;

/**
 * What must be undone when a tool fails or is interrupted: temporary directories, stopped processes.
 * Handlers run last in, first out, each exactly once; one that throws does not keep the others from running.
 */
export class Cleanup {
  readonly #handlers: Handler[] = [];
  #running: Promise<unknown[]> | undefined;

  /** Registers a handler; call the result once the work is done and nothing is left to undo. */
  add(handler: Handler): () => void {
    this.#handlers.push(handler);
    return () => {
      const index = this.#handlers.indexOf(handler);
      if (index >= 0) this.#handlers.splice(index, 1);
    };
  }

  /** Runs all handlers; the result lists what they threw. A second call waits for the first. */
  run(): Promise<unknown[]> {
    this.#running ??= this.#runAll();
    return this.#running;
  }

  async #runAll(): Promise<unknown[]> {
    const errors: unknown[] = [];
    for (let handler = this.#handlers.pop(); handler !== undefined; handler = this.#handlers.pop()) {
      try {
        await handler();
      } catch (error) {
        errors.push(error);
      }
    }
    return errors;
  }
}
