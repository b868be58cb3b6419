/**
 * What: one WebSocket between ws and the protocol of graphql-ws; in place of the library's own adapter, which prints what clients do wrong as
 * faults of ours, a stack each. Where: once a connection. A caller sees a ping every twelve seconds, and is cut where it answers none.
 */
import type { IncomingMessage } from 'node:http';
import { CloseCode, type Server } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { WebSocket } from 'ws';
import type { Log } from '../../lib/Log.ts';

/** Milliseconds between two pings, and for the answer to one. */
const KEEP_ALIVE = 12_000;

export function serveClient(
  protocol: Server<Extra>,
  { client, request, log }: { readonly client: WebSocket; readonly request: IncomingMessage; readonly log: Log },
): void {
  const stopPings = pingRegularly(client);
  // ws has closed the socket by itself then (1009, 1007, ...).
  client.on('error', (error) => log.info(`A WebSocket was closed: ${error.message}`));
  const closed = protocol.opened(
    {
      protocol: client.protocol,
      // Resolves in any case: that the client has left is told by the close.
      send: (data) =>
        new Promise((resolve) => {
          if (client.readyState === client.OPEN) client.send(data, () => resolve());
          else resolve();
        }),
      close: (code, reason) => client.close(code, reason),
      onMessage: (take) =>
        client.on('message', (data) => {
          take(String(data)).catch((error: unknown) => {
            const { message } = error as Error;
            const isTheirs = message.startsWith('Unexpected message of type');
            if (isTheirs) log.info(`A WebSocket was closed: ${JSON.stringify(message.slice(0, 100))}`);
            else log.error('A message of a WebSocket met a fault.', error);
            client.close(isTheirs ? CloseCode.BadRequest : CloseCode.InternalServerError);
          });
        }),
    },
    { socket: client, request },
  );
  client.once('close', (code, reason) => {
    stopPings();
    closed(code, String(reason)).catch((error: unknown) => log.error('A WebSocket did not end well.', error));
  });
}

function pingRegularly(client: WebSocket): () => void {
  let cut: NodeJS.Timeout | undefined;
  const timer = setInterval(() => {
    if (client.readyState !== client.OPEN) return;
    cut ??= setTimeout(() => client.terminate(), KEEP_ALIVE);
    client.ping();
  }, KEEP_ALIVE);
  client.on('pong', () => {
    clearTimeout(cut);
    cut = undefined;
  });
  return () => {
    clearInterval(timer);
    clearTimeout(cut);
  };
}
