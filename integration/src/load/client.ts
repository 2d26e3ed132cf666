// SPDX-License-Identifier: GPL-3.0-or-later
// The load client: one script without dependencies that runs wherever there is Node 20 (bundle.ts makes it).
//
//     node load.js redis --host 10.77.0.10 --port 6379 --seconds 20 --json
//
// Instead of --seconds: words on stdin, one a line. `pause` waits until nothing is on the way, `resume` goes on, `stop`
// (or the end of stdin) ends the load, `count` tells the replies so far; the others are actions of the service, as `digest` and `bgsave` of Redis. Each is
// answered by a line of JSON.
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { defineCommand, runMain } from 'citty';
import { Driver, type Load, type Options } from './load.ts';
import { memcachedLoad } from './memcached.ts';
import { nginxLoad } from './nginx.ts';
import { redisLoad } from './redis.ts';
import { type Result, Tally } from './tally.ts';

const loads: Record<string, (options: Options) => Promise<Load>> = {
  redis: redisLoad,
  nginx: nginxLoad,
  memcached: memcachedLoad,
};

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

/** Follows the words on stdin until one of them ends the load. */
async function follow(driver: Driver, { actions }: Load): Promise<void> {
  const orders: Record<string, () => Promise<unknown>> = {
    pause: () => driver.pause(),
    resume: async () => driver.start(),
    count: async () => driver.replies,
    ...actions,
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const word = line.trim();
    if (word === '') continue;
    if (word === 'stop') return;
    const order = orders[word];
    if (!order) {
      say({ word, error: `there is ${Object.keys(orders).join(', ')}, stop` });
      continue;
    }
    try {
      say({ word, result: await order() });
    } catch (error) {
      say({ word, error: error instanceof Error ? error.message : String(error) });
    }
  }
}

/** Waits until somebody answers there. */
async function reach({ host, port }: Options, seconds: number): Promise<void> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const socket = connect({ host, port });
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (performance.now() > deadline) throw error;
      await sleep(100);
    } finally {
      socket.destroy();
    }
  }
}

async function runFor(driver: Driver, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  while (performance.now() < end && driver.anyOpen) await sleep(50);
}

function summary({ replies, lost, wrong, resets, longestPauseMs, elapsedMs, complaints }: Result): string {
  const rate = Math.round((replies * 1000) / elapsedMs);
  return [
    `${replies} replies (${rate} a second), ${lost} lost, ${wrong} wrong, ${resets} resets; longest pause ${longestPauseMs} ms`,
    ...complaints.map((text) => `  ${text}`),
  ].join('\n');
}

const command = defineCommand({
  meta: { name: 'load', description: 'keep a service busy and check every reply' },
  args: {
    service: { type: 'positional', description: Object.keys(loads).join(', '), required: true },
    host: { type: 'string', default: '127.0.0.1', description: 'address of the service' },
    port: { type: 'string', required: true, description: 'its TCP port' },
    connections: { type: 'string', default: '16', description: 'how many work side by side' },
    depth: { type: 'string', default: '4', description: 'requests on the way on each' },
    rate: {
      type: 'string',
      default: '0',
      description: 'requests a second on each; 0: as fast as they are answered',
    },
    seed: { type: 'string', default: '1', description: 'decides what is asked' },
    wait: {
      type: 'string',
      default: '10',
      description: 'seconds that the service may take to answer at first',
    },
    seconds: { type: 'string', description: 'how long; by default until told on stdin' },
    patience: { type: 'string', default: '60', description: 'seconds that the last replies may take' },
    json: { type: 'boolean', description: 'the last line is the result as JSON' },
  },
  async run({ args }) {
    const make = loads[args.service];
    if (!make)
      throw new Error(`There is no load for "${args.service}"; there is ${Object.keys(loads).join(', ')}`);
    const options: Options = {
      host: args.host,
      port: Number(args.port),
      connections: Number(args.connections),
      depth: Number(args.depth),
      rate: Number(args.rate),
      seed: Number(args.seed),
      patienceMs: Number(args.patience) * 1000,
      gate: { isOpen: false },
      tally: new Tally(),
    };
    await reach(options, Number(args.wait));
    const load = await make(options);
    const driver = new Driver(load, options);
    driver.start();
    say({ word: 'started' });
    await (args.seconds === undefined ? follow(driver, load) : runFor(driver, Number(args.seconds)));
    const result = await driver.finish();
    console.error(summary(result));
    if (args.json) say(result);
    // The control connection is still open.
    process.exit(result.lost + result.wrong + result.resets === 0 ? 0 : 1);
  },
});

await runMain(command);
