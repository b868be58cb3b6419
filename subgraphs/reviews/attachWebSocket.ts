import type { Server } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { RequestLog } from '../server/createRequestLog.ts';

/** Serves `graphql-transport-ws` at `/graphql` of the server. Call what it returns to end every connection at once, without a closing handshake. */
export function attachWebSocket(schema: GraphQLSchema, server: Server, record: RequestLog): () => void {
  const sockets = new WebSocketServer({ server, path: '/graphql', maxPayload: 64 * 1024 });
  const protocol = useServer({ schema, onSubscribe: (_context, _id, payload) => record.add(payload.query) }, sockets);
  return () => {
    for (const socket of sockets.clients) socket.terminate();
    void protocol.dispose();
  };
}
