// SPDX-License-Identifier: GPL-3.0-or-later
// How each server is started, in the foreground: in a folder `run` that it may write to, next to `in`, which it only reads.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeSite } from './load/site.ts';
import type { ServerName } from './servers.ts';

export interface Place {
  address: string;
  port: number;
}

export interface Setup {
  /** Fills the folder `in` before the start. */
  prepare(folder: string, place: Place): Promise<void>;
  args(place: Place): string[];
}

const nothing = async (): Promise<void> => {};

export const setups: Record<ServerName, Setup> = {
  redis: {
    prepare: nothing,
    args: ({ address, port }) => [
      ...['--bind', address, '--port', String(port), '--save', ''],
      // The load compares digests of all data.
      ...['--enable-debug-command', 'yes', '--protected-mode', 'no'],
    ],
  },
  nginx: {
    prepare: async (folder, place) => {
      await mkdir(folder, { recursive: true });
      await writeSite(join(folder, 'html'));
      await writeFile(join(folder, 'nginx.conf'), nginxConfiguration(place));
    },
    args: () => ['-p', '.', '-e', 'error.log', '-c', '../in/nginx.conf'],
  },
  memcached: {
    prepare: nothing,
    // More memory than the load fills: what is evicted would look lost. As root it asks for a user.
    args: ({ address, port }) => ['-l', address, '-p', String(port), '-U', '0', '-m', '128', '-u', 'nobody'],
  },
};

/** A master and two workers, which serve connections as long as these like. */
function nginxConfiguration({ address, port }: Place): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `
daemon off;
worker_processes 2;
error_log error.log notice;
pid nginx.pid;
events { worker_connections 512; }
http {
  access_log off;
  keepalive_requests 1000000000;
  keepalive_timeout 1h;
${temporary.map((name) => `  ${name}_temp_path temporary;`).join('\n')}
  server {
    listen ${address}:${port};
    location / { root ../in/html; }
  }
}
`;
}
