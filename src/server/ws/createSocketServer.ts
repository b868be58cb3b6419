/**
 * What: `graphql-transport-ws` on the path of the endpoint. Where: at `upgrade` of any node:http server.
 * A caller sees the same documents, limits and errors as over HTTP; 1001 (going away) when the gateway stops.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { isAllowedOrigin } from '../http/corsHeaders.ts';
import { originForm } from '../http/originForm.ts';
import { withoutToldCertificate } from '../http/withoutToldCertificate.ts';
import type { ServerParts } from '../ServerParts.ts';
import { refuseUpgrade } from './refuseUpgrade.ts';
import { socketHooks } from './socketHooks.ts';

export interface SocketServer {
  /** For the event `upgrade`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every socket with 1001 and resolves when all are closed; at `deadline` (milliseconds) the rest is cut. */
  close(deadline: number): Promise<void>;
}

export function createSocketServer(parts: ServerParts): SocketServer {
  const { config } = parts;
  const server = new WebSocketServer({ noServer: true, maxPayload: config.limits.max_request_body_size });
  // In production mode graphql-ws keeps faults of ours out of close reasons.
  const handle = useServer({ ...socketHooks(parts), isProd: true }, server);
  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      if (config.trusted_hops === 0) withoutToldCertificate(request.headers);
      if (originForm(request.url, request.headers.host)?.split('?')[0] !== config.path)
        return refuseUpgrade(socket, 404, 'Not Found');
      if (parts.state.stopping) return refuseUpgrade(socket, 503, 'Service Unavailable');
      if (!mayConnect(request, parts)) return refuseUpgrade(socket, 403, 'Forbidden');
      server.handleUpgrade(request, socket, head, (client) => {
        server.emit('connection', client, request);
        // graphql-ws prints a client's breach of the protocol as a fault of ours; ws has closed the socket by itself (1009, 1007, ...).
        client.removeAllListeners('error');
        client.on('error', (error) => parts.log.info(`A WebSocket was closed: ${error.message}`));
      });
    },
    async close(deadline) {
      const cut = setTimeout(() => {
        for (const client of server.clients) client.terminate();
      }, deadline);
      const clients = [...server.clients].map((client) => new Promise((resolve) => client.once('close', resolve)));
      await Promise.all([handle.dispose(), ...clients]);
      clearTimeout(cut);
    },
  };
}

/** Browsers send cookies with WebSockets to any host and ask nobody: the `Origin` header is the only guard. Other clients send none. */
function mayConnect(request: IncomingMessage, { config }: ServerParts): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined) return true;
  if (URL.canParse(origin) && new URL(origin).host === host) return true;
  return config.cors !== false && isAllowedOrigin(config.cors, origin);
}
