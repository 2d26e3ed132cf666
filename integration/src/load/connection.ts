// SPDX-License-Identifier: GPL-3.0-or-later
// One client connection whose replies come in the order of its requests, as in RESP, HTTP/1.1 and memcached's text protocol.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Tally } from './tally.ts';

/** Checks a reply; what is wrong with it, in words, or nothing. */
export type Check<Reply> = (reply: Reply) => string | undefined;

export interface Request<Reply> {
  /** Each character is one byte. */
  bytes: string;
  check: Check<Reply>;
  /** Its reply depends on others, so that waiting for it is no pause. */
  maySit?: boolean;
}

/** Reads one reply from `bytes`; `undefined`: more has to come. Throws what is wrong when it can't be one. */
export type Parse<Reply> = (bytes: Buffer, request: string) => { reply: Reply; length: number } | undefined;

export interface Service {
  host: string;
  port: number;
  tally: Tally;
}

export class Connection<Reply> {
  readonly name: string;
  readonly #tally: Tally;
  readonly #parse: Parse<Reply>;
  readonly #socket: Socket;
  readonly #waiting: Request<Reply>[] = [];
  #received: Buffer = Buffer.alloc(0);
  #quietSince = 0;
  #open = true;
  #ending = false;
  /** Called after each reply. */
  onReply: () => void = () => {};

  private constructor(name: string, socket: Socket, tally: Tally, parse: Parse<Reply>) {
    this.name = name;
    this.#tally = tally;
    this.#parse = parse;
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => this.#receive(bytes));
    socket.on('error', (error) => this.#broken(error.message));
    socket.on('close', () => this.#broken('closed by the server'));
  }

  static async open<Reply>(
    name: string,
    { host, port, tally }: Service,
    parse: Parse<Reply>,
  ): Promise<Connection<Reply>> {
    const socket = connect({ host, port });
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', (error) => reject(new Error(`${name} can't connect: ${error.message}`)));
    });
    socket.removeAllListeners('error');
    return new Connection(name, socket, tally, parse);
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** Requests without a reply yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  send(request: Request<Reply>): void {
    this.expect(request);
    if (this.#open) this.#socket.write(request.bytes, 'latin1');
  }

  /** A message that comes because of what another connection does. */
  expect(request: Request<Reply>): void {
    if (this.#waiting.length === 0) this.#quietSince = performance.now();
    this.#waiting.push(request);
    this.#tally.sent();
    if (!this.#open) this.#giveUp('its connection is gone');
  }

  /** One request whose reply the caller wants to see; the connection must have no other on the way. */
  async ask(bytes: string): Promise<Reply> {
    const gone = new AbortController();
    try {
      return await Promise.race([
        new Promise<Reply>((resolve) => {
          this.send({
            bytes,
            check: (reply) => {
              resolve(reply);
              return undefined;
            },
          });
        }),
        once(this.#socket, 'close', { signal: gone.signal }).then(() => {
          throw new Error(`${this.name} is gone`);
        }),
      ]);
    } finally {
      gone.abort();
    }
  }

  /** Ends the connection; what has got no reply by now is lost. */
  end(): void {
    this.#ending = true;
    this.#giveUp('the time at the end ran out');
    this.#open = false;
    this.#socket.destroy();
  }

  #receive(bytes: Buffer): void {
    this.#received = this.#received.length === 0 ? bytes : Buffer.concat([this.#received, bytes]);
    let at = 0;
    while (this.#open && at < this.#received.length) {
      const used = this.#take(this.#received.subarray(at));
      if (used === 0) break;
      at += used;
    }
    this.#received = this.#received.subarray(at);
  }

  /** Length of the reply at the start of `bytes`, or 0. */
  #take(bytes: Buffer): number {
    const [request] = this.#waiting;
    if (!request) return this.#derail(`${bytes.length} bytes that nobody asked for: ${excerpt(bytes)}`);
    let parsed: ReturnType<Parse<Reply>>;
    try {
      parsed = this.#parse(bytes, request.bytes);
    } catch (error) {
      return this.#derail(`${error instanceof Error ? error.message : error}: ${excerpt(bytes)}`);
    }
    if (!parsed) return 0;
    this.#waiting.shift();
    const now = performance.now();
    const complaint = request.check(parsed.reply);
    this.#tally.reply(
      request.maySit ? 0 : now - this.#quietSince,
      complaint && `${this.name}: ${request.bytes.slice(0, 200)}: ${complaint}`,
    );
    this.#quietSince = now;
    this.onReply();
    return parsed.length;
  }

  /** Replies can't be told apart any more. */
  #derail(why: string): number {
    this.#tally.wrong(`${this.name}: ${why}`);
    this.#ending = true;
    this.#giveUp('a reply before it was no reply');
    this.#open = false;
    this.#socket.destroy();
    return 0;
  }

  #broken(why: string): void {
    if (!this.#open) return;
    this.#open = false;
    if (!this.#ending) this.#tally.reset(`${this.name}: ${why}`);
    this.#giveUp(why);
    this.#socket.destroy();
  }

  #giveUp(why: string): void {
    this.#tally.lost(this.#waiting.length, `${this.name}: ${why}`);
    this.#waiting.length = 0;
  }
}

function excerpt(bytes: Buffer): string {
  return JSON.stringify(bytes.toString('latin1', 0, 120));
}
