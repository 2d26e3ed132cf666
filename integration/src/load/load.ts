// SPDX-License-Identifier: GPL-3.0-or-later
// What all three loads have in common: connections that are kept busy, paused and read back.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection, Request, Service } from './connection.ts';
import type { Result } from './tally.ts';

export interface Options extends Service {
  connections: number;
  /** Requests on the way per connection. */
  depth: number;
  /** Requests per second of each connection; 0: as fast as they are answered. */
  rate: number;
  seed: number;
  /** How long the last replies may take. */
  patienceMs: number;
  /** Whether new requests may be sent. */
  gate: { isOpen: boolean };
}

/** One client: does its work whenever it is asked to. */
export interface Client {
  connections: { isOpen: boolean; waiting: number; end(): void }[];
  /** Sends as much as may be on the way. */
  feed(): void;
  /** Sends requests that read back what must be there. */
  readBack?(): void;
}

/** What can be asked of the service while it is under load; the answer is shown. */
export type Actions = Record<string, () => Promise<unknown>>;

export interface Load {
  clients: Client[];
  actions: Actions;
}

export class Driver {
  readonly #options: Options;
  readonly #load: Load;
  #timer: NodeJS.Timeout | undefined;

  constructor(load: Load, options: Options) {
    this.#load = load;
    this.#options = options;
  }

  start(): void {
    const { rate, gate } = this.#options;
    gate.isOpen = true;
    this.#tick();
    if (rate > 0) this.#timer = setInterval(() => this.#tick(), 1000 / rate);
  }

  /** Waits until nothing is on the way; false when that took too long. */
  async pause(): Promise<boolean> {
    this.#options.gate.isOpen = false;
    clearInterval(this.#timer);
    return this.#drained();
  }

  /** Reads everything back, ends all connections and tells what happened. */
  async finish(): Promise<Result> {
    await this.pause();
    for (const client of this.#load.clients) client.readBack?.();
    await this.#drained();
    for (const { connections } of this.#load.clients) for (const connection of connections) connection.end();
    return this.#options.tally.result();
  }

  /** That came so far. */
  get replies(): number {
    return this.#options.tally.result().replies;
  }

  get anyOpen(): boolean {
    return this.#load.clients.some(({ connections }) => connections.some(({ isOpen }) => isOpen));
  }

  #tick(): void {
    for (const client of this.#load.clients) client.feed();
  }

  async #drained(): Promise<boolean> {
    const deadline = performance.now() + this.#options.patienceMs;
    const waits = () =>
      this.#load.clients.some(({ connections }) => connections.some(({ waiting }) => waiting > 0));
    while (waits() && performance.now() < deadline) await sleep(5);
    return !waits();
  }
}

/** A client with one connection whose requests `next` makes. */
export function steadyClient<Reply>(
  connection: Connection<Reply>,
  next: () => Request<Reply>[],
  { depth, rate, gate }: Pick<Options, 'depth' | 'rate' | 'gate'>,
  readBack?: () => void,
): Client {
  const feed = (): void => {
    while (gate.isOpen && connection.isOpen && connection.waiting < depth) {
      for (const request of next()) connection.send(request);
      if (rate > 0) break;
    }
  };
  if (rate === 0) connection.onReply = feed;
  return { connections: [connection], feed, ...(readBack ? { readBack } : {}) };
}
