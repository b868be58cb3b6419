import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { GraphQLError, subscribe } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { createSchema, createYoga } from 'graphql-yoga';
import { WebSocketServer } from 'ws';
import type { BackendBehaviour, ContractBackend } from '../contract.ts';

export const typeDefs = `
  type Query {
    thing(id: ID!): Thing
    broken: Thing
    caller: String
  }
  type Thing { id: ID!, name: String }
  type Subscription { ticks: Int!, caller: String }
`;

export interface GraphqlBackend extends ContractBackend {
  readonly unsubscribed: Promise<void>;
  /** The payloads of `connection_init` so far. */
  readonly initPayloads: unknown[];
}

/** A backend of graphql-yoga (HTTP, SSE) and graphql-ws (WebSocket) on one port. */
export async function startGraphqlBackend(behaviour: BackendBehaviour): Promise<GraphqlBackend> {
  const arrived = Promise.withResolvers<void>();
  const unsubscribed = Promise.withResolvers<void>();
  const initPayloads: unknown[] = [];
  const schema = createSchema<{ request?: Request; caller?: string }>({
    typeDefs,
    resolvers: {
      Query: {
        thing: (_root, { id }) => ({ id, name: `Thing ${id}` }),
        broken: () => {
          throw new GraphQLError('It broke.', { extensions: { code: 'BROKEN' } });
        },
        caller: (_root, _args, context) => context.request?.headers.get('x-caller'),
      },
      Subscription: {
        ticks: { subscribe: () => ticks(unsubscribed.resolve), resolve: (tick: number) => tick },
        caller: {
          subscribe: async function* (_root, _args, context) {
            yield context.request?.headers.get('x-caller') ?? context.caller;
          },
          resolve: (caller: string) => caller,
        },
      },
    },
  });
  const yoga = createYoga({ schema, logging: false, maskedErrors: false });
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    arrived.resolve();
    if (behaviour === 'healthy') {
      yoga(request, response);
    } else if (behaviour === 'garbage') {
      response.end('<html>Welcome</html>');
    }
  });
  const sockets = new WebSocketServer({ server });
  const served = useServer(
    {
      schema,
      subscribe,
      context: (connection) => ({ caller: String(connection.connectionParams?.['x-caller']) }),
      onConnect: (connection) => {
        initPayloads.push(connection.connectionParams);
      },
    },
    sockets,
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address: AddressInfo | string | null = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  let killed: Promise<void> | undefined;
  const kill = async (): Promise<void> => {
    const closed = once(server, 'close');
    for (const socket of sockets.clients) {
      socket.terminate();
    }
    server.close();
    server.closeAllConnections();
    await closed;
    await served.dispose();
  };
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    arrived: arrived.promise,
    unsubscribed: unsubscribed.promise,
    initPayloads,
    kill: () => (killed ??= kill()),
  };
}

/** Gives 1 and then waits until it is left. */
function ticks(onLeave: () => void): AsyncIterableIterator<number> {
  const end = Promise.withResolvers<IteratorResult<number>>();
  let given = false;
  return {
    next() {
      if (given) {
        return end.promise;
      }
      given = true;
      return Promise.resolve({ done: false, value: 1 });
    },
    return() {
      onLeave();
      end.resolve({ done: true, value: undefined });
      return end.promise;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
