// SPDX-License-Identifier: GPL-3.0-or-later
// Redis, nginx and memcached built by hc-cc answer like ordinary ones: on x86-64 and, emulated, on aarch64, also when
// nothing in registers or native frames outlives a migration point.
import { join } from 'node:path';
import { execa } from 'execa';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { bundleLoadClient } from '../src/load/bundle.ts';
import type { Result } from '../src/load/tally.ts';
import { startHere } from '../src/local-server.ts';
import { buildServer, type ServerName, servers } from '../src/servers.ts';

const test = suite('servers');
const script = await bundleLoadClient();

const commands = {
  'x86-64': (bundle: string) => [join(bundle, 'x86-64/app')],
  aarch64: (bundle: string) => ['qemu-aarch64-static', join(bundle, 'aarch64/app')],
};

async function load(name: ServerName, port: number): Promise<Result> {
  const options = [
    '--port',
    String(port),
    '--connections',
    '4',
    '--seconds',
    '3',
    '--patience',
    '60',
    '--json',
  ];
  const { stdout } = await execa('node', [script, name, ...options], { stderr: 'ignore', reject: false });
  return JSON.parse(stdout.split('\n').at(-1) ?? '');
}

for (const name of Object.keys(servers) as ServerName[]) {
  for (const runtime of ['normal', 'scribble'] as const) {
    for (const [isa, command] of Object.entries(commands)) {
      test(`${name} on ${isa}, ${runtime}`, async () => {
        const { bundle } = await buildServer(name, runtime);
        const env = runtime === 'scribble' ? { HC_SCRIBBLE: isa === 'x86-64' ? '1' : '101' } : {};
        const server = await startHere(name, command(bundle), env);
        try {
          const { replies, lost, wrong, resets, complaints } = await load(name, server.port);
          assert.equal({ lost, wrong, resets, complaints }, { lost: 0, wrong: 0, resets: 0, complaints: [] });
          assert.ok(replies > 50, `${replies} replies`);
        } finally {
          await server.stop();
        }
      });
    }
  }
}

test.run();
