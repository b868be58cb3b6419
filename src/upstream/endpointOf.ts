import { LRUCache } from 'lru-cache';
import { GatewayError } from '../errors/GatewayError.ts';
import type { HttpRequest } from './HttpClient.ts';

/** What a connection needs to know of a URL. */
export interface Endpoint {
  readonly origin: string;
  readonly path: string;
  /** From a user and a password in it. */
  readonly authorization: string | undefined;
}

/** Of GraphQL services there is one URL each; those of REST services differ from request to request. */
const known = new LRUCache<string, Endpoint>({ max: 1000 });

/** The parts of a request's URL. Throws SUBGRAPH_UNREACHABLE where it is no http(s) one. Parsing costs more than all else that is done with it. */
export function endpointOf({ url, subgraph }: HttpRequest): Endpoint {
  const found = known.get(url) ?? parseEndpoint(url);
  if (found === undefined)
    throw new GatewayError('SUBGRAPH_UNREACHABLE', `Subgraph "${subgraph}" has no valid http or https URL.`, {
      subgraph,
    });
  known.set(url, found);
  return found;
}

function parseEndpoint(text: string): Endpoint | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') return undefined;
  const { origin, pathname, search, username, password } = url;
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const authorization = username === '' ? undefined : `Basic ${Buffer.from(credentials).toString('base64')}`;
  return { origin, path: pathname + search, authorization };
}
