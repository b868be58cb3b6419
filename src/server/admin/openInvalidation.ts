/**
 * What: the endpoint by which backends invalidate what is remembered of them; the body is that of Apollo Router. Where: a server of its own, apart
 * from that for clients.
 * A caller sees 202 with the number of parts once no gateway that hears gives one of them any more, 401 without the shared key, 400 where it cannot be read.
 */
import { hash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cache } from '../../cache/createCache.ts';
import { readInvalidation } from '../../cache/readInvalidation.ts';
import type { Log } from '../../lib/Log.ts';
import { readBody } from '../lane/readBody.ts';
import { listenApart } from './listenApart.ts';

export interface InvalidationOptions {
  /** `host:port`. */
  readonly listen: string;
  readonly path: string;
  readonly shared_key: string;
}

export interface InvalidationPorts {
  readonly cache: Pick<Cache, 'invalidate'>;
  readonly log: Log;
}

export interface InvalidationServer {
  readonly url: string;
  close(): Promise<void>;
}

const MOST_BYTES = 1_048_576;

/** Rejects with a `PortTakenError` where the port is in use. */
export async function openInvalidation(
  { listen, path, shared_key: key }: InvalidationOptions,
  { cache, log }: InvalidationPorts,
): Promise<InvalidationServer> {
  const expected = hash('sha256', key, 'buffer');
  // Digests are of one length, so that the time to compare tells nothing of the key.
  const isKnown = (given: string): boolean => timingSafeEqual(hash('sha256', given, 'buffer'), expected);
  const answer = async (request: IncomingMessage): Promise<readonly [status: number, body: unknown]> => {
    if (request.url?.split('?')[0] !== path) return [404, problem('Not found.')];
    if (request.method !== 'POST') return [405, problem('Expected the method POST.')];
    if (!isKnown(request.headers.authorization ?? ''))
      return [401, problem('Expected the shared key in "Authorization".')];
    const tags = readInvalidation(parse(Buffer.from(await readBody(request, MOST_BYTES)).toString()));
    if (typeof tags === 'string') return [400, problem(tags)];
    return [202, { count: await cache.invalidate(tags) }];
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request)
      .catch((error: unknown) => [400, problem(error instanceof Error ? error.message : String(error))] as const)
      .then(([status, body]) => {
        response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
        response.end(JSON.stringify(body));
      })
      .catch(() => response.destroy());
  };
  const server = await listenApart({ listen, setting: 'response_cache.invalidation.listen', listener });
  const url = `${server.url}${path}`;
  log.info(`What is remembered is invalidated at ${url}.`);
  return { url, close: () => server.close(1_000) };
}

function problem(message: string): unknown {
  return { errors: [{ message }] };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
