import type { Server } from 'node:http';

/** Stops listening and cuts every connection, busy ones too. */
export async function closeServer(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
