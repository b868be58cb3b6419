import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { TestContext } from 'node:test';

/** A backend that can do anything: `answer` gets the connection and the text of each request's start. Closed after the test. */
export async function serveBytes(
  t: TestContext,
  answer: (socket: Socket, head: string) => void,
): Promise<{ readonly url: string; readonly port: number; readonly connections: ReadonlySet<Socket> }> {
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => connections.delete(socket));
    socket.on('data', (chunk) => answer(socket, String(chunk)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    for (const socket of connections) socket.destroy();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { url: `http://127.0.0.1:${port}/graphql`, port, connections };
}
