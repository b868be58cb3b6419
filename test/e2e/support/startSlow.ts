import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

export interface SlowService {
  /** An entry of `subgraphs`, as YAML. */
  readonly config: string;
  /** Resolves when a request has arrived. */
  readonly asked: Promise<ServerResponse>;
  answer(response: ServerResponse): void;
}

/** A GraphQL service with the one field `slow`, which answers when it is told to. */
export async function startSlow(t: TestContext): Promise<SlowService> {
  const asked = Promise.withResolvers<ServerResponse>();
  const server = createServer((_request, response) => asked.resolve(response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return {
    config: `  - { name: slow, url: 'http://127.0.0.1:${port}/graphql', schema: { sdl: 'type Query { slow: Int }' } }`,
    asked: asked.promise,
    answer: (response) => void response.setHeader('content-type', 'application/json').end('{"data":{"slow":1}}'),
  };
}
