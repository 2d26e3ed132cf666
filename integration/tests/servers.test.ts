// SPDX-License-Identifier: GPL-3.0-or-later
// Redis, nginx and memcached built by hc-cc hop between the guests with their address while clients on a third host check
// every reply; `npm run bench:servers` is the long form.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Program } from '../src/build.ts';
import { hopUnderLoad } from '../src/hop-under-load.ts';
import { liftServer } from '../src/lifted.ts';
import { type Round, redisRounds } from '../src/redis-rounds.ts';
import { buildServer, type ServerName, servers } from '../src/servers.ts';
import { guests } from './pair.ts';

const test = suite('servers under load on the move');

const names = Object.keys(servers) as ServerName[];
const cases: { name: ServerName; how: string; build: () => Promise<Program>; rounds: readonly Round[] }[] = [
  ...names.map((name) => ({
    ...{ name, how: name, build: () => buildServer(name) },
    rounds: name === 'redis' ? redisRounds : [],
  })),
  { name: 'redis', how: 'redis, lifted', build: () => liftServer('redis'), rounds: [] },
];

for (const { name, how, build, rounds } of cases)
  test(`${how}: no reply is lost, none wrong, no connection reset`, async () => {
    const program = await build();
    const { hops, load, checks } = await hopUnderLoad(await guests(), { name, program, hops: 2, rounds });
    const { replies, lost, wrong, resets, complaints } = load;
    console.error(`${how}: ${replies} replies, down ${hops.map(({ downMs }) => Math.round(downMs))} ms`);
    assert.equal({ lost, wrong, resets, complaints }, { lost: 0, wrong: 0, resets: 0, complaints: [] });
    assert.ok(replies > 200, `${replies} replies`);
    for (const { what, isGood, seen } of checks) assert.ok(isGood, `${what}: ${JSON.stringify(seen)}`);
    assert.is(checks.length, rounds.length);
    assert.is(hops.length, 2 + rounds.length);
  });

test.run();
