// SPDX-License-Identifier: GPL-3.0-or-later
// Redis, nginx and memcached built by hc-cc hop between the guests with their address while clients on a third host check
// every reply; `npm run bench:servers` is the long form.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { hopUnderLoad } from '../src/hop-under-load.ts';
import { redisRounds } from '../src/redis-rounds.ts';
import { buildServer, type ServerName, servers } from '../src/servers.ts';
import { guests } from './pair.ts';

const test = suite('servers under load on the move');

for (const name of Object.keys(servers) as ServerName[])
  test(`${name}: no reply is lost, none wrong, no connection reset`, async () => {
    const program = await buildServer(name);
    const rounds = name === 'redis' ? redisRounds : [];
    const { hops, load, checks } = await hopUnderLoad(await guests(), { name, program, hops: 2, rounds });
    const { replies, lost, wrong, resets, complaints } = load;
    console.error(`${name}: ${replies} replies, down ${hops.map(({ downMs }) => Math.round(downMs))} ms`);
    assert.equal({ lost, wrong, resets, complaints }, { lost: 0, wrong: 0, resets: 0, complaints: [] });
    assert.ok(replies > 200, `${replies} replies`);
    for (const { what, isGood, seen } of checks) assert.ok(isGood, `${what}: ${JSON.stringify(seen)}`);
    assert.is(checks.length, rounds.length);
    assert.is(hops.length, 2 + rounds.length);
  });

test.run();
