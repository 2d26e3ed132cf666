// SPDX-License-Identifier: GPL-3.0-or-later
// Commands on keys that only one connection uses, with the reply that each must get: what Redis holds is kept here, too.
import type { Request } from './connection.ts';
import { encode, OK, QUEUED, type Reply, same, show } from './resp.ts';

type Words = (string | number)[];

/** A command, and its reply from a state that the call has already brought up to date. */
interface Expected {
  words: Words;
  reply: Reply;
  /** The elements may come in any order. */
  unordered?: boolean;
}

const keysOfAKind = 8;
/** Lists and strings that grow beyond this are cut. */
const longest = 400;

const sumScript = `local sum = 0
for _, value in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do sum = sum + #value end
return {sum, redis.call('LLEN', KEYS[1]), ARGV[1]}`;

export class RedisModel {
  readonly #prefix: string;
  readonly #random: () => number;
  readonly #strings = new Map<string, string>();
  readonly #counters = new Map<string, number>();
  readonly #lists = new Map<string, string[]>();
  readonly #hashes = new Map<string, Map<string, string>>();
  readonly #sets = new Map<string, Set<string>>();
  readonly #scores = new Map<string, Map<string, number>>();

  constructor(prefix: string, random: () => number) {
    this.#prefix = prefix;
    this.#random = random;
  }

  /** The next requests; several when they belong together. */
  next(): Request<Reply>[] {
    const pick = this.#random();
    if (pick < 0.05) return this.#transaction();
    return [request(this.#command())];
  }

  /** Reads back everything. */
  all(): Request<Reply>[] {
    const commands: Expected[] = [];
    for (const [key, value] of this.#strings) commands.push({ words: ['GET', key], reply: value });
    for (const [key, value] of this.#counters) commands.push({ words: ['GET', key], reply: String(value) });
    for (const [key, list] of this.#lists) commands.push({ words: ['LRANGE', key, 0, -1], reply: [...list] });
    for (const [key, hash] of this.#hashes) commands.push(wholeHash(key, hash));
    for (const [key, set] of this.#sets)
      commands.push({ words: ['SMEMBERS', key], reply: [...set], unordered: true });
    for (const [key, scores] of this.#scores) commands.push(wholeRanking(key, scores));
    return commands.map(request);
  }

  #command(): Expected {
    const makers = [
      this.#set,
      this.#get,
      this.#append,
      this.#range,
      this.#count,
      this.#push,
      this.#pop,
      this.#lists_,
      this.#script,
      this.#hashSet,
      this.#hashGet,
      this.#hashDelete,
      this.#setAdd,
      this.#setRemove,
      this.#setAsk,
      this.#rank,
      this.#rankings,
      this.#delete,
    ];
    const make = makers[this.#below(makers.length)] ?? this.#get;
    return make.call(this);
  }

  #transaction(): Request<Reply>[] {
    const inner = Array.from({ length: 1 + this.#below(4) }, () => this.#command());
    return [
      request({ words: ['MULTI'], reply: OK }),
      ...inner.map(({ words }) => request({ words, reply: QUEUED })),
      {
        bytes: encode(['EXEC']),
        check: (reply) => {
          if (!Array.isArray(reply) || reply.length !== inner.length) return `${show(reply)} from EXEC`;
          return inner.map((each, index) => compare(each, reply[index] ?? null)).find(Boolean);
        },
      },
    ];
  }

  #below(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #key(kind: string): string {
    return `${this.#prefix}:${kind}:${this.#below(keysOfAKind)}`;
  }

  /** Any bytes; long enough now and then not to fit into one segment. */
  #value(): string {
    const size = this.#random() < 0.02 ? 20_000 : 1 + this.#below(60);
    const start = this.#below(256);
    return Array.from({ length: size }, (_, index) =>
      String.fromCharCode((start + index * 7 + (index >> 8)) & 255),
    ).join('');
  }

  #set(): Expected {
    const [key, value] = [this.#key('string'), this.#value()];
    this.#strings.set(key, value);
    return { words: ['SET', key, value], reply: OK };
  }

  #get(): Expected {
    const key = this.#key('string');
    return { words: ['GET', key], reply: this.#strings.get(key) ?? null };
  }

  #append(): Expected {
    const key = this.#key('string');
    if ((this.#strings.get(key) ?? '').length > longest) return this.#set();
    const more = this.#value();
    const value = (this.#strings.get(key) ?? '') + more;
    this.#strings.set(key, value);
    return { words: ['APPEND', key, more], reply: value.length };
  }

  #range(): Expected {
    const key = this.#key('string');
    const [from, to] = [this.#below(20), 20 + this.#below(40)];
    const reply = (this.#strings.get(key) ?? '').slice(from, to + 1);
    return { words: ['GETRANGE', key, from, to], reply };
  }

  #count(): Expected {
    const [key, by] = [this.#key('counter'), this.#below(1000) - 500];
    const value = (this.#counters.get(key) ?? 0) + by;
    this.#counters.set(key, value);
    return { words: ['INCRBY', key, by], reply: value };
  }

  #push(): Expected {
    const [key, value] = [this.#key('list'), this.#value()];
    const list = listOf(this.#lists, key, () => [] as string[]);
    if (list.length > longest) return this.#pop();
    const atEnd = this.#random() < 0.5;
    if (atEnd) list.push(value);
    else list.unshift(value);
    return { words: [atEnd ? 'RPUSH' : 'LPUSH', key, value], reply: list.length };
  }

  #pop(): Expected {
    const key = this.#key('list');
    const list = this.#lists.get(key) ?? [];
    const atEnd = this.#random() < 0.5;
    return { words: [atEnd ? 'RPOP' : 'LPOP', key], reply: (atEnd ? list.pop() : list.shift()) ?? null };
  }

  #lists_(): Expected {
    const key = this.#key('list');
    const from = this.#below(10);
    return {
      words: ['LRANGE', key, from, from + 9],
      reply: (this.#lists.get(key) ?? []).slice(from, from + 10),
    };
  }

  #script(): Expected {
    const key = this.#key('list');
    const list = this.#lists.get(key) ?? [];
    const sum = list.reduce((total, { length }) => total + length, 0);
    const argument = this.#value();
    return { words: ['EVAL', sumScript, 1, key, argument], reply: [sum, list.length, argument] };
  }

  #hashSet(): Expected {
    const [key, field, value] = [this.#key('hash'), `field${this.#below(100)}`, this.#value()];
    const hash = listOf(this.#hashes, key, () => new Map<string, string>());
    const reply = hash.has(field) ? 0 : 1;
    hash.set(field, value);
    return { words: ['HSET', key, field, value], reply };
  }

  #hashGet(): Expected {
    const [key, field] = [this.#key('hash'), `field${this.#below(100)}`];
    if (this.#random() < 0.1) return wholeHash(key, this.#hashes.get(key) ?? new Map());
    return { words: ['HGET', key, field], reply: this.#hashes.get(key)?.get(field) ?? null };
  }

  #hashDelete(): Expected {
    const [key, field] = [this.#key('hash'), `field${this.#below(100)}`];
    return { words: ['HDEL', key, field], reply: this.#hashes.get(key)?.delete(field) ? 1 : 0 };
  }

  #setAdd(): Expected {
    // Numbers only while the set is small: it is then kept as an array of integers.
    const [key, member] = [this.#key('set'), String(this.#below(600))];
    const set = listOf(this.#sets, key, () => new Set<string>());
    const reply = set.has(member) ? 0 : 1;
    set.add(member);
    return { words: ['SADD', key, member], reply };
  }

  #setRemove(): Expected {
    const [key, member] = [this.#key('set'), String(this.#below(600))];
    return { words: ['SREM', key, member], reply: this.#sets.get(key)?.delete(member) ? 1 : 0 };
  }

  #setAsk(): Expected {
    const key = this.#key('set');
    const set = this.#sets.get(key) ?? new Set<string>();
    if (this.#random() < 0.3) return { words: ['SCARD', key], reply: set.size };
    const member = String(this.#below(600));
    return { words: ['SISMEMBER', key, member], reply: set.has(member) ? 1 : 0 };
  }

  #rank(): Expected {
    const [key, member] = [this.#key('ranking'), `member${this.#below(300)}`];
    // Halves are exact, so that sums are the same however they are written.
    const by = this.#below(2000) / 2 - 500;
    const scores = listOf(this.#scores, key, () => new Map<string, number>());
    const score = (scores.get(member) ?? 0) + by;
    scores.set(member, score);
    return { words: ['ZINCRBY', key, by, member], reply: String(score) };
  }

  #rankings(): Expected {
    const key = this.#key('ranking');
    const scores = this.#scores.get(key) ?? new Map<string, number>();
    if (this.#random() < 0.1) return wholeRanking(key, scores);
    const member = `member${this.#below(300)}`;
    const score = scores.get(member);
    return { words: ['ZSCORE', key, member], reply: score === undefined ? null : String(score) };
  }

  #delete(): Expected {
    if (this.#random() > 0.2) return this.#get();
    const kinds: [string, Map<string, { size: number } | { length: number } | number>][] = [
      ['string', this.#strings],
      ['list', this.#lists],
      ['hash', this.#hashes],
      ['set', this.#sets],
      ['ranking', this.#scores],
    ];
    const [kind, state] = kinds[this.#below(kinds.length)] ?? ['string', this.#strings];
    const key = this.#key(kind);
    const reply = holdsSomething(state.get(key)) ? 1 : 0;
    state.delete(key);
    return { words: [this.#random() < 0.5 ? 'DEL' : 'UNLINK', key], reply };
  }
}

/** A list, hash or set without elements is no key in Redis; an empty string is. */
function holdsSomething(value: unknown): boolean {
  if (value === undefined) return false;
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Map || value instanceof Set) return value.size > 0;
  return true;
}

function listOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  const present = map.get(key);
  if (present !== undefined) return present;
  const made = make();
  map.set(key, made);
  return made;
}

function wholeHash(key: string, hash: Map<string, string>): Expected {
  return { words: ['HGETALL', key], reply: [...hash].map((pair) => pair.join('=')), unordered: true };
}

/** By score, then by name. */
function wholeRanking(key: string, scores: Map<string, number>): Expected {
  const sorted = [...scores].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  return {
    words: ['ZRANGE', key, 0, -1, 'WITHSCORES'],
    reply: sorted.flatMap(([member, score]) => [member, String(score)]),
  };
}

function request(expected: Expected): Request<Reply> {
  return { bytes: encode(expected.words), check: (reply) => compare(expected, reply) };
}

function compare({ words, reply: wanted, unordered }: Expected, actual: Reply): string | undefined {
  const reply = words[0] === 'HGETALL' ? pairs(actual) : actual;
  const isSame = unordered ? same(sorted(wanted), sorted(reply)) : same(wanted, reply);
  return isSame ? undefined : `${show(reply)} instead of ${show(wanted)}`;
}

function pairs(reply: Reply): Reply {
  if (!Array.isArray(reply)) return reply;
  return reply.flatMap((field, index) => (index % 2 === 0 ? `${field}=${reply[index + 1]}` : []));
}

function sorted(reply: Reply): Reply {
  return Array.isArray(reply) ? [...reply].sort() : reply;
}
