// SPDX-License-Identifier: GPL-3.0-or-later
// Load for a web server that serves the files of site.ts, over connections that are kept.
import { randomNumbers } from '../random.ts';
import { Connection, type Request } from './connection.ts';
import { type Client, type Load, type Options, steadyClient } from './load.ts';
import { type Page, pages, sha256 } from './site.ts';

interface Reply {
  status: number;
  headers: Map<string, string>;
  body: Buffer;
}

export async function nginxLoad(options: Options): Promise<Load> {
  const site = pages();
  const clients = await Promise.all(
    Array.from({ length: options.connections }, async (_, index): Promise<Client> => {
      const connection = await Connection.open<Reply>(`client ${index}`, options, parseReply);
      const random = randomNumbers(options.seed * 1000 + index);
      return steadyClient(connection, () => [nextRequest(site, options.host, random)], options);
    }),
  );
  return { clients, actions: {} };
}

export function parseReply(bytes: Buffer, request: string): { reply: Reply; length: number } | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const [first = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new Error('not a reply of a web server');
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const hasBody = !request.startsWith('HEAD ') && status !== 304;
  const size = hasBody ? Number(headers.get('content-length')) : 0;
  if (Number.isNaN(size)) throw new Error('a reply without its length');
  const length = end + 4 + size;
  if (bytes.length < length) return undefined;
  return { reply: { status, headers, body: Buffer.from(bytes.subarray(end + 4, length)) }, length };
}

function nextRequest(site: Page[], host: string, random: () => number): Request<Reply> {
  const page = site[Math.floor(random() * site.length)];
  if (!page) throw new Error('the site is empty');
  const kind = random();
  if (kind < 0.1) return head(page, host);
  if (kind < 0.2) return missing(page, host);
  if (kind < 0.4 && page.size > 1) return part(page, host, random);
  return whole(page, host);
}

function request(method: string, name: string, host: string, more: string[] = []): string {
  return [`${method} /${name} HTTP/1.1`, `Host: ${host}`, ...more, '', ''].join('\r\n');
}

function whole(page: Page, host: string): Request<Reply> {
  return {
    bytes: request('GET', page.name, host),
    check: ({ status, body }) => {
      if (status !== 200) return `status ${status}`;
      return sha256(body) === page.sha256 ? undefined : `${body.length} bytes, not those of the file`;
    },
  };
}

function head(page: Page, host: string): Request<Reply> {
  return {
    bytes: request('HEAD', page.name, host),
    check: ({ status, headers }) => {
      const length = headers.get('content-length');
      return status === 200 && length === String(page.size)
        ? undefined
        : `status ${status}, length ${length}`;
    },
  };
}

function missing(page: Page, host: string): Request<Reply> {
  return {
    bytes: request('GET', `no-such-${page.name}`, host),
    check: ({ status }) => (status === 404 ? undefined : `status ${status} instead of 404`),
  };
}

function part(page: Page, host: string, random: () => number): Request<Reply> {
  const from = Math.floor(random() * (page.size - 1));
  const to = Math.min(page.size - 1, from + Math.floor(random() * 5000));
  return {
    bytes: request('GET', page.name, host, [`Range: bytes=${from}-${to}`]),
    check: ({ status, body }) => {
      if (status !== 206) return `status ${status} instead of 206`;
      return body.equals(page.content.subarray(from, to + 1))
        ? undefined
        : `not bytes ${from} to ${to} of the file`;
    },
  };
}
