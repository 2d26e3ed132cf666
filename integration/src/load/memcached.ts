// SPDX-License-Identifier: GPL-3.0-or-later
// Load for memcached, in its text protocol: every connection has keys of its own. The server must have memory enough to
// evict nothing (-m).
import { randomNumbers } from '../random.ts';
import { Connection, type Request } from './connection.ts';
import { type Client, type Load, type Options, steadyClient } from './load.ts';

/** All lines of a reply, values included. */
type Reply = string;

const run = `load-${process.pid}-${Date.now()}`;
const keysOfAKind = 40;
const endings =
  /^(STORED|NOT_STORED|EXISTS|NOT_FOUND|DELETED|TOUCHED|OK|ERROR|CLIENT_ERROR.*|SERVER_ERROR.*|VERSION.*|\d+)$/;

export async function memcachedLoad(options: Options): Promise<Load> {
  const clients = await Promise.all(
    Array.from({ length: options.connections }, async (_, index) => {
      const connection = await Connection.open<Reply>(`client ${index}`, options, parseReply);
      return worker(connection, index, options);
    }),
  );
  const control = await Connection.open<Reply>('control', options, parseReply);
  return { clients, actions: { version: () => control.ask('version\r\n') } };
}

/** Up to a line that ends a reply; values are skipped by their lengths. */
export function parseReply(bytes: Buffer): { reply: Reply; length: number } | undefined {
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const line = bytes.toString('latin1', at, lineEnd);
    at = lineEnd + 2;
    const value = /^VALUE \S+ \d+ (\d+)/.exec(line);
    if (value) at += Number(value[1]) + 2;
    else if (line === 'END' || endings.test(line)) {
      return at <= bytes.length ? { reply: bytes.toString('latin1', 0, at), length: at } : undefined;
    } else throw new Error('not a reply of memcached');
    if (at > bytes.length) return undefined;
  }
}

interface Item {
  flags: number;
  value: string;
}

function worker(connection: Connection<Reply>, index: number, options: Options): Client {
  const random = randomNumbers(options.seed * 1000 + index);
  const below = (limit: number): number => Math.floor(random() * limit);
  const items = new Map<string, Item>();
  const counters = new Map<string, number>();

  const newValue = (): string => {
    const size = random() < 0.02 ? 30_000 : 1 + below(100);
    const start = below(256);
    return Array.from({ length: size }, (_, at) => String.fromCharCode((start + at * 11) & 255)).join('');
  };
  const get = (key: string): Request<Reply> => {
    const item = items.get(key);
    const found = item ? `VALUE ${key} ${item.flags} ${item.value.length}\r\n${item.value}\r\n` : '';
    return request(`get ${key}\r\n`, `${found}END\r\n`);
  };
  const store = (verb: string, key: string, item: Item, reply: string): Request<Reply> =>
    request(`${verb} ${key} ${item.flags} 0 ${item.value.length}\r\n${item.value}\r\n`, `${reply}\r\n`);

  const commands: ((key: string) => Request<Reply>)[] = [
    get,
    get,
    (key) => {
      const item = { flags: below(65_536), value: newValue() };
      items.set(key, item);
      return store('set', key, item, 'STORED');
    },
    (key) => {
      const item = { flags: below(100), value: newValue() };
      const isNew = !items.has(key);
      if (isNew) items.set(key, item);
      return store('add', key, item, isNew ? 'STORED' : 'NOT_STORED');
    },
    (key) => {
      const old = items.get(key);
      if (old && old.value.length > 1000) return get(key);
      const more = newValue();
      if (old) items.set(key, { ...old, value: old.value + more });
      return store('append', key, { flags: 0, value: more }, old ? 'STORED' : 'NOT_STORED');
    },
    (key) => request(`delete ${key}\r\n`, items.delete(key) ? 'DELETED\r\n' : 'NOT_FOUND\r\n'),
    (key) => request(`touch ${key} 0\r\n`, items.has(key) ? 'TOUCHED\r\n' : 'NOT_FOUND\r\n'),
    () => {
      const key = `${run}:${index}:counter${below(5)}`;
      const old = counters.get(key);
      if (old === undefined) {
        counters.set(key, 0);
        return store('set', key, { flags: 0, value: '0' }, 'STORED');
      }
      const by = below(1000);
      counters.set(key, old + by);
      return request(`incr ${key} ${by}\r\n`, `${old + by}\r\n`);
    },
  ];
  const next = (): Request<Reply>[] => {
    const make = commands[below(commands.length)] ?? get;
    return [make(`${run}:${index}:${below(keysOfAKind)}`)];
  };
  const readBack = (): void => {
    for (const key of items.keys()) connection.send(get(key));
  };
  return steadyClient(connection, next, options, readBack);
}

function request(bytes: string, wanted: string): Request<Reply> {
  const shorten = (text: string) => JSON.stringify(text.length > 120 ? `${text.slice(0, 120)}...` : text);
  const check = (reply: Reply) =>
    reply === wanted
      ? undefined
      : `${shorten(reply)} (${reply.length} bytes) instead of ${shorten(wanted)} (${wanted.length})`;
  return { bytes, check };
}
