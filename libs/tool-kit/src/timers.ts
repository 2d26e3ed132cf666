// SPDX-License-Identifier: GPL-3.0-or-later

/** Milliseconds per phase. A phase that runs several times adds up. */
export class Timers {
  readonly startedAt = new Date();
  readonly #start = performance.now();
  readonly #phases = new Map<string, number>();

  /** Starts a phase; call the result to end it. */
  start(phase: string): () => number {
    const begin = performance.now();
    let spent: number | undefined;
    return () => {
      if (spent === undefined) {
        spent = performance.now() - begin;
        this.add(phase, spent);
      }
      return spent;
    };
  }

  async time<T>(phase: string, work: () => Promise<T> | T): Promise<T> {
    const stop = this.start(phase);
    try {
      return await work();
    } finally {
      stop();
    }
  }

  /** Adds time measured elsewhere, e.g. by CRIU. */
  add(phase: string, ms: number): void {
    this.#phases.set(phase, (this.#phases.get(phase) ?? 0) + ms);
  }

  /** Every phase so far, rounded to microseconds, and the total since construction. */
  ms(): { total: number } & Record<string, number> {
    const phases = [...this.#phases].map(([phase, ms]) => [phase, round(ms)] as const);
    return { total: round(performance.now() - this.#start), ...Object.fromEntries(phases) };
  }
}

function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
