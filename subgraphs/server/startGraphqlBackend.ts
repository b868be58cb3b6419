import { createServer, type Server } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import type { Backend, BackendOptions } from '../Backend.ts';
import { closeServer } from './closeServer.ts';
import { createRequestLog, type RequestLog } from './createRequestLog.ts';
import { listen } from './listen.ts';

export interface GraphqlBackendOptions extends BackendOptions {
  readonly name: string;
  readonly schema: GraphQLSchema;
  readonly port: number;
  /** Adds another protocol to the same port; what comes back is called when the backend closes. */
  readonly attach?: (server: Server, record: RequestLog) => () => void;
}

/** Serves a schema by graphql-yoga at `/graphql`. */
export async function startGraphqlBackend(options: GraphqlBackendOptions): Promise<Backend> {
  const { name, schema, host = '127.0.0.1' } = options;
  const record = createRequestLog();
  const yoga = createYoga({
    schema,
    logging: false,
    graphiql: false,
    landingPage: false,
    cors: false,
    plugins: [{ onParams: ({ params }) => record.add(params.query ?? '') }],
  });
  const server = createServer((request, response) => void yoga(request, response));
  const port = await listen(server, name, host, options.port);
  const detach = options.attach?.(server, record);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    detach?.();
    return closeServer(server);
  };
  return {
    name,
    url: `http://${host}:${port}/graphql`,
    port,
    requests: record.requests,
    log: record.log,
    reset: record.reset,
    close: () => (closed ??= close()),
  };
}
