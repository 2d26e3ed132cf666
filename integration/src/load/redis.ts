// SPDX-License-Identifier: GPL-3.0-or-later
// Load for Redis: most connections work on keys of their own, where every reply is known beforehand; the others share
// a counter, publish to each other, and wait for each other's list elements.
import { setTimeout as sleep } from 'node:timers/promises';
import { randomNumbers } from '../random.ts';
import { Connection, type Request } from './connection.ts';
import { type Actions, type Client, type Load, type Options, steadyClient } from './load.ts';
import { RedisModel } from './redis-model.ts';
import { encode, Failure, parseReply, type Reply, Status, show } from './resp.ts';

type RedisConnection = Connection<Reply>;

/** Of all loads that this process makes, so that keys of an earlier one don't count. */
const run = `load-${process.pid}-${Date.now()}`;

export async function redisLoad(options: Options): Promise<Load> {
  const open = (name: string) => Connection.open<Reply>(name, options, parseReply);
  const workers = await Promise.all(
    Array.from({ length: options.connections }, async (_, index) =>
      worker(await open(`client ${index}`), index, options),
    ),
  );
  const shared = [
    await counters([await open('counter 0'), await open('counter 1')], options),
    await pubsub(await open('publisher'), await open('subscriber'), options),
    queue(await open('producer'), await open('consumer'), options),
  ];
  return { clients: [...workers, ...shared], actions: redisActions(await open('control')) };
}

function worker(connection: RedisConnection, index: number, options: Options): Client {
  const model = new RedisModel(`${run}:${index}`, randomNumbers(options.seed * 1000 + index));
  const readBack = (): void => {
    for (const request of model.all()) connection.send(request);
  };
  return steadyClient(connection, () => model.next(), options, readBack);
}

/** All increment one key: no two get the same number, and at the end it is their count. */
async function counters(connections: RedisConnection[], options: Options): Promise<Client> {
  const key = `${run}:shared-counter`;
  const seen = new Set<number>();
  let sent = 0;
  const next = (): Request<Reply>[] => {
    sent += 1;
    const check = (reply: Reply) => {
      if (typeof reply !== 'number' || reply < 1 || reply > sent)
        return `${show(reply)} after ${sent} increments`;
      if (seen.has(reply)) return `${reply} a second time`;
      seen.add(reply);
      return undefined;
    };
    return [{ bytes: encode(['INCR', key]), check }];
  };
  const clients = connections.map((connection) => steadyClient(connection, next, options));
  return {
    connections,
    feed: () => {
      for (const client of clients) client.feed();
    },
    readBack: () => connections[0]?.send({ bytes: encode(['GET', key]), check: equals(String(sent)) }),
  };
}

/** Each message arrives once, in order, and reaches one subscriber. */
async function pubsub(
  publisher: RedisConnection,
  subscriber: RedisConnection,
  options: Options,
): Promise<Client> {
  const channel = `${run}:channel`;
  await subscriber.ask(encode(['SUBSCRIBE', channel]));
  let count = 0;
  const next = (): Request<Reply>[] => {
    const text = `message ${count++}`;
    subscriber.expect({ bytes: `(subscriber) ${text}`, check: equals(['message', channel, text]) });
    return [{ bytes: encode(['PUBLISH', channel, text]), check: equals(1) }];
  };
  const client = steadyClient(publisher, next, options);
  return { ...client, connections: [publisher, subscriber] };
}

/** One pushes what the other waits for. */
function queue(producer: RedisConnection, consumer: RedisConnection, options: Options): Client {
  const key = `${run}:queue`;
  let count = 0;
  const next = (): Request<Reply>[] => {
    const text = `element ${count++}`;
    // Asked for before it is there, more often than not.
    consumer.send({ bytes: encode(['BLPOP', key, 0]), check: equals([key, text]), maySit: true });
    const check = (reply: Reply) => (typeof reply === 'number' && reply > 0 ? undefined : show(reply));
    return [{ bytes: encode(['RPUSH', key, text]), check }];
  };
  const client = steadyClient(producer, next, options);
  return { ...client, connections: [producer, consumer] };
}

function equals(wanted: Reply): (reply: Reply) => string | undefined {
  return (reply) => (show(reply) === show(wanted) ? undefined : `${show(reply)} instead of ${show(wanted)}`);
}

/** What a child of Redis does: how it is begun, and the fields of INFO that tell whether it runs and how it ended. */
const saves = {
  bgsave: {
    start: ['BGSAVE'],
    running: 'rdb_bgsave_in_progress',
    status: 'rdb_last_bgsave_status',
  },
  bgrewriteaof: {
    start: ['BGREWRITEAOF'],
    running: 'aof_rewrite_in_progress',
    status: 'aof_last_bgrewrite_status',
  },
  /** From then on Redis writes the file. */
  'append-only': {
    start: ['CONFIG', 'SET', 'appendonly', 'yes'],
    running: 'aof_rewrite_in_progress',
    status: 'aof_last_bgrewrite_status',
  },
} as const;

type SaveName = keyof typeof saves;

function redisActions(control: RedisConnection): Actions {
  const command = async (...words: (string | number)[]): Promise<string> => {
    const reply = await control.ask(encode(words));
    if (reply instanceof Failure) throw new Error(`${words.join(' ')}: ${reply.text}`);
    return reply instanceof Status ? reply.text : String(reply);
  };
  const persistence = async (field: string): Promise<string | undefined> =>
    new RegExp(`^${field}:(.*?)\\r?$`, 'm').exec(await command('INFO', 'persistence'))?.[1];

  /** Has a child write all data. */
  const begin = (name: SaveName) => () => command(...saves[name].start);
  const isRunning = async (name: SaveName) => (await persistence(saves[name].running)) === '1';
  const end = (name: SaveName) => async () => {
    while (await isRunning(name)) await sleep(50);
    return persistence(saves[name].status);
  };
  const inBackground = (name: SaveName): Actions => ({
    [name]: async () => ({ said: await begin(name)(), status: await end(name)() }),
    [`begin-${name}`]: begin(name),
    [`is-running-${name}`]: () => isRunning(name),
    [`end-${name}`]: end(name),
  });
  return {
    // Of what is there: comes out right only while nothing else changes it.
    digest: () => command('DEBUG', 'DIGEST'),
    ...Object.assign({}, ...(Object.keys(saves) as SaveName[]).map(inBackground)),
    memory: async () => Number(/^used_memory:(\d+)/m.exec(await command('INFO', 'memory'))?.[1]),
    save: () => command('SAVE'),
    // Has children that write all data take a quarter of a minute, and as long as they need again.
    'save-slowly': async () => {
      const keys = Number(await command('DBSIZE'));
      return command('CONFIG', 'SET', 'rdb-key-save-delay', Math.ceil(15e6 / Math.max(keys, 1)));
    },
    'save-quickly': () => command('CONFIG', 'SET', 'rdb-key-save-delay', 0),
    // Through a file and back.
    reload: () => command('DEBUG', 'RELOAD'),
    'load-aof': () => command('DEBUG', 'LOADAOF'),
  };
}
