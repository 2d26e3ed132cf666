// SPDX-License-Identifier: GPL-3.0-or-later
import { spawnSync } from 'node:child_process';
import { defineCommand, runMain } from 'citty';
import { attachGuests, type Isa, lowerGuests, quote, raiseGuests } from './guests.ts';
import { measure } from './measure.ts';

const up = defineCommand({
  meta: { name: 'up', description: 'Start both guests, or push the tools anew if they are up' },
  async run() {
    const started = performance.now();
    const { tools } = await raiseGuests();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`x86-64 and aarch64 are up (${seconds} s), with ${tools.join(', ') || 'no tools built'}`);
  },
});

const down = defineCommand({
  meta: { name: 'down', description: 'End both guests' },
  async run() {
    console.log((await lowerGuests()) ? 'x86-64 and aarch64 are down' : 'no guests were up');
  },
});

const status = defineCommand({
  meta: { name: 'status', description: 'Say whether the guests are up' },
  async run() {
    const guests = await attachGuests();
    for (const guest of Object.values(guests?.of ?? {})) {
      console.log(`${guest.isa}: ${await guest.run('uptime')}`);
    }
    if (!guests) console.log('down');
    process.exitCode = guests ? 0 : 1;
  },
});

const cost = defineCommand({
  meta: { name: 'measure', description: 'Measure start, commands and transfer of a fresh pair' },
  async run() {
    for (const { what, value, unit } of await measure()) {
      console.log(`${what.padEnd(40)} ${value.toFixed(unit === 'ms' ? 0 : 1).padStart(8)} ${unit}`);
    }
  },
});

const ssh = defineCommand({
  meta: { name: 'ssh', description: 'Open a shell in a guest, or run a command: ssh x86-64 [command...]' },
  args: { guest: { type: 'positional', required: true, description: 'x86-64 or aarch64' } },
  async run({ rawArgs }) {
    const guests = await attachGuests();
    if (!guests) throw new Error('The guests are down: npm run guests -- up');
    const [name = '', ...command] = rawArgs;
    const guest = guests.of[name as Isa];
    if (!guest) throw new Error(`There is no guest ${name}: take x86-64 or aarch64`);
    const { args, folder } = guest.ssh;
    const words = command.length === 1 ? command : [quote(command)];
    const { status: code } = spawnSync('ssh', [...args, ...(command.length > 0 ? ['--', ...words] : [])], {
      cwd: folder,
      stdio: 'inherit',
    });
    process.exitCode = code ?? 255;
  },
});

await runMain(
  defineCommand({
    meta: { name: 'guests', description: 'Two small Debian machines, x86-64 and aarch64, on one network' },
    subCommands: { up, down, status, ssh, measure: cost },
  }),
);
