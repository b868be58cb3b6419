import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';

export interface BadServer {
  /** Resolves when bytes have arrived. */
  readonly asked: Promise<void>;
  close(): Promise<void>;
}

/** Takes the port of a service: takes connections and never says a word, or answers whatever comes with bytes of no protocol. */
export async function startBadServer(port: number, answer?: string): Promise<BadServer> {
  const sockets = new Set<Socket>();
  const asked = Promise.withResolvers<void>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.on('data', () => {
      asked.resolve();
      if (answer !== undefined) socket.end(answer);
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    asked: asked.promise,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
