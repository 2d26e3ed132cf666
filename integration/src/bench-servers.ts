// SPDX-License-Identifier: GPL-3.0-or-later
// npm run bench:servers: Redis, nginx and memcached hop between the guests under load; what their clients see of it.
import { defineCommand, runMain } from 'citty';
import { keep } from './bench/keep.ts';
import { observe } from './bench/machine.ts';
import { startGuests } from './guests.ts';
import { hopUnderLoad, type Outcome } from './hop-under-load.ts';
import { liftServer } from './lifted.ts';
import { redisRounds } from './redis-rounds.ts';
import { buildServer, type ServerName, servers } from './servers.ts';

const names = Object.keys(servers) as ServerName[];

function namesOf(text: string | undefined): ServerName[] {
  if (text === undefined) return names;
  return text.split(',').map((word) => {
    const name = names.find((known) => known === word);
    if (!name) throw new Error(`There is no server "${word}"; there are ${names.join(', ')}`);
    return name;
  });
}

function summary(name: string, { hops, load, checks }: Outcome) {
  const { replies, lost, wrong, resets, longestPauseMs, complaints } = load;
  return {
    ...{ name, hops: hops.length, replies, lost, wrong, resets, longestPauseMs },
    downMs: hops.map(({ downMs }) => Math.round(downMs)),
    ...{ checks, complaints },
  };
}

function isGood({ lost, wrong, resets, checks }: ReturnType<typeof summary>): boolean {
  return lost + wrong + resets === 0 && checks.every((check) => check.isGood);
}

const usual = 10;

const command = defineCommand({
  meta: { name: 'bench:servers', description: 'servers hop between the guests under load' },
  args: {
    only: { type: 'string', valueHint: 'NAMES', description: names.join(', ') },
    hops: { type: 'string', default: String(usual), description: 'of each server' },
    lifted: {
      type: 'boolean',
      description: 'built by musl-gcc, static and stripped, and lifted, instead of by hc-cc',
    },
    json: { type: 'boolean', description: 'the last line is the result as JSON' },
  },
  async run({ args }) {
    const services = [];
    const conclude = await observe('bench:servers');
    const guests = await startGuests();
    try {
      for (const name of namesOf(args.only)) {
        console.log(`${name}: building`);
        const program = await (args.lifted ? liftServer(name) : buildServer(name));
        const outcome = await hopUnderLoad(guests, {
          ...{ name, program, hops: Number(args.hops), rounds: name === 'redis' ? redisRounds : [] },
          onHop: ({ from, to, downMs, totalMs, bytes }, index) =>
            console.log(
              `${name}: hop ${index + 1}, ${from} -> ${to}: down ${Math.round(downMs)} of ${Math.round(totalMs)} ms, ${(bytes / 1e6).toFixed(1)} MB`,
            ),
        });
        const told = summary(name, outcome);
        services.push(told);
        console.log(
          `${name}: ${told.replies} replies, ${told.lost} lost, ${told.wrong} wrong, ${told.resets} resets; longest pause ${told.longestPauseMs} ms`,
        );
        for (const { what, isGood, seen } of told.checks)
          console.log(`  ${what}: ${isGood ? 'good' : 'FAILED'} ${JSON.stringify(seen)}`);
        for (const text of told.complaints) console.log(`  ${text}`);
      }
    } finally {
      await guests.stop();
    }
    const conditions = conclude();
    // Fewer hops, or some of the servers, are a look and no result to keep; lifted, only Redis is known to work.
    const whole = Number(args.hops) >= usual && (args.lifted || args.only === undefined);
    if (whole) await keep(args.lifted ? '-lifted-servers' : '-servers', { conditions, services });
    if (args.json) console.log(JSON.stringify({ services }));
    process.exitCode = services.every(isGood) ? 0 : 1;
  },
});

await runMain(command);
