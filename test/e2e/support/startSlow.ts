import type { ServerResponse } from 'node:http';
import type { TestContext } from 'node:test';
import { listenHere } from './listenHere.ts';

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
  const origin = await listenHere(t, (_request, response) => asked.resolve(response));
  return {
    config: `  - { name: slow, url: '${origin}/graphql', schema: { sdl: 'type Query { slow: Int }' } }`,
    asked: asked.promise,
    answer: (response) => void response.setHeader('content-type', 'application/json').end('{"data":{"slow":1}}'),
  };
}
