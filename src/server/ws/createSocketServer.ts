/**
 * What: `graphql-transport-ws` on the path of the endpoint. Where: at `upgrade` of any node:http server.
 * A caller sees the same documents, limits and errors as over HTTP; 1001 (going away) when the gateway stops.
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, makeServer } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import { type ServerOptions, WebSocketServer } from 'ws';
import { isAllowedOrigin } from '../http/corsHeaders.ts';
import { originForm } from '../http/originForm.ts';
import { withoutToldCertificate } from '../http/withoutToldCertificate.ts';
import type { ServerParts } from '../ServerParts.ts';
import { holdBack } from './holdBack.ts';
import { refuseUpgrade } from './refuseUpgrade.ts';
import { serveClient } from './serveClient.ts';
import { socketHooks } from './socketHooks.ts';

export interface SocketServer {
  /** For the event `upgrade`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Closes every socket with 1001 and resolves when all are closed; at `deadline` (milliseconds) the rest is cut. */
  close(deadline: number): Promise<void>;
}

export function createSocketServer(parts: ServerParts): SocketServer {
  const { config } = parts;
  // A client that was told of the end and says nothing would keep its socket for ws' 30 seconds; its types do not know the option yet.
  const options: ServerOptions & { readonly closeTimeout: number } = {
    noServer: true,
    maxPayload: config.limits.max_request_body_size,
    closeTimeout: 2_000,
    handleProtocols,
  };
  const server = new WebSocketServer(options);
  const protocol = makeServer<Record<string, unknown>, Extra>(socketHooks(parts));
  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      if (config.trusted_hops === 0) withoutToldCertificate(request.headers);
      if (originForm(request.url, request.headers.host)?.split('?')[0] !== config.path)
        return refuseUpgrade(socket, 404, 'Not Found');
      if (parts.state.stopping) return refuseUpgrade(socket, 503, 'Service Unavailable');
      if (!mayConnect(request, parts)) return refuseUpgrade(socket, 403, 'Forbidden');
      server.handleUpgrade(request, socket, head, (client) => {
        holdBack(client, socket);
        serveClient(protocol, { client, request, log: parts.log });
      });
    },
    async close(deadline) {
      const cut = setTimeout(() => {
        for (const client of server.clients) client.terminate();
      }, deadline);
      const clients = [...server.clients].map((client) => new Promise((resolve) => client.once('close', resolve)));
      for (const client of server.clients) client.close(1001, 'Going away');
      await Promise.all(clients);
      server.close();
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
