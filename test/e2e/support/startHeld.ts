import type { ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { TestContext } from 'node:test';
import { listenHere } from './listenHere.ts';

export interface HeldService {
  /** An entry of `subgraphs`, as YAML. */
  readonly config: string;
  /** Resolves once so many reads have arrived, answered or not. */
  reads(count: number): Promise<void>;
  release(): void;
}

/** A GraphQL service that answers writes at once, and reads when it is told to. */
export async function startHeld(t: TestContext): Promise<HeldService> {
  const held: ServerResponse[] = [];
  let look = (): void => undefined;
  const origin = await listenHere(t, async (request, response) => {
    response.setHeader('content-type', 'application/json');
    if ((await text(request)).includes('mutation')) return response.end('{"data":{"write":1}}');
    held.push(response);
    return look();
  });
  const sdl = 'type Query { now: Int } type Mutation { write: Int }';
  return {
    config: `  - { name: held, url: '${origin}/graphql', schema: { sdl: '${sdl}' } }`,
    reads: (count) =>
      new Promise((resolve) => {
        look = () => {
          if (held.length >= count) resolve();
        };
        look();
      }),
    release() {
      for (const response of held) response.end('{"data":{"now":1}}');
    },
  };
}
