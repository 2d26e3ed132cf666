// SPDX-License-Identifier: GPL-3.0-or-later
// What the clients have seen.

export interface Result {
  /** Replies that came and were right or wrong. */
  replies: number;
  /** Requests that got no reply: their connection broke, or the time at the end ran out. */
  lost: number;
  wrong: number;
  /** Connections that ended without being asked to, or could not be made. */
  resets: number;
  /** The longest time that a connection with requests on the way saw nothing. */
  longestPauseMs: number;
  /** Times of at least `pauseMs` in which no connection saw anything although requests were on the way. */
  pausesMs: number[];
  elapsedMs: number;
  /** The first few things that were wrong, in words. */
  complaints: string[];
}

const keptComplaints = 20;

export class Tally {
  readonly #pauseMs: number;
  readonly #started = performance.now();
  #replies = 0;
  #lost = 0;
  #wrong = 0;
  #resets = 0;
  #longestPauseMs = 0;
  readonly #pausesMs: number[] = [];
  readonly #complaints: string[] = [];
  /** Of all connections: requests on the way, and since when nothing has come. */
  #waiting = 0;
  #quietSince = 0;

  constructor(pauseMs = 100) {
    this.#pauseMs = pauseMs;
  }

  sent(): void {
    if (this.#waiting === 0) this.#quietSince = performance.now();
    this.#waiting += 1;
  }

  /** A reply, after its connection had seen nothing for `quietMs`. */
  reply(quietMs: number, complaint: string | undefined): void {
    this.#heard();
    this.#waiting -= 1;
    this.#replies += 1;
    this.#longestPauseMs = Math.max(this.#longestPauseMs, quietMs);
    if (complaint !== undefined) this.wrong(complaint);
  }

  wrong(complaint: string): void {
    this.#wrong += 1;
    this.#complain(complaint);
  }

  lost(count: number, why: string): void {
    if (count === 0) return;
    this.#lost += count;
    this.#waiting -= count;
    this.#complain(`${count} requests got no reply: ${why}`);
  }

  reset(why: string): void {
    this.#resets += 1;
    this.#complain(why);
  }

  result(): Result {
    return {
      replies: this.#replies,
      lost: this.#lost,
      wrong: this.#wrong,
      resets: this.#resets,
      longestPauseMs: Math.round(this.#longestPauseMs),
      pausesMs: this.#pausesMs,
      elapsedMs: Math.round(performance.now() - this.#started),
      complaints: this.#complaints,
    };
  }

  #heard(): void {
    const now = performance.now();
    const quiet = now - this.#quietSince;
    if (quiet >= this.#pauseMs) this.#pausesMs.push(Math.round(quiet));
    this.#quietSince = now;
  }

  #complain(text: string): void {
    if (this.#complaints.length < keptComplaints) this.#complaints.push(text);
  }
}
