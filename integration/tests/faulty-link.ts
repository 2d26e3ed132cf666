// SPDX-License-Identifier: GPL-3.0-or-later
// Stands between clients and a server and does to replies what must never happen.
import { connect, createServer, type Socket } from 'node:net';

/** What becomes of some bytes of the server's; `undefined`: the connection is cut. */
export type Fault = (bytes: Buffer) => Buffer | undefined;

export interface Link {
  port: number;
  close(): void;
}

export async function faultyLink(port: number, fault: Fault): Promise<Link> {
  const sockets = new Set<Socket>();
  const listener = createServer((client) => {
    const server = connect({ host: '127.0.0.1', port });
    for (const socket of [client, server]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        client.destroy();
        server.destroy();
      });
    }
    client.pipe(server);
    server.on('data', (bytes: Buffer) => {
      const passed = fault(bytes);
      if (passed) client.write(passed);
      else client.destroy();
    });
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    close: () => {
      listener.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
