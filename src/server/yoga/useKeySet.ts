/**
 * What: the public keys of the gateway's own tokens, as a key set (RFC 7517). Where: before every other rule, where the configuration has a path.
 * A subgraph sees JSON that it may keep for a minute.
 */
import type { Plugin } from 'graphql-yoga';

export interface PublishedKeys {
  readonly path: string;
  /** JSON; another one after a reload. */
  readonly json: () => string;
}

export function useKeySet({ path, json }: PublishedKeys): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== path) return;
      const isRead = request.method === 'GET' || request.method === 'HEAD';
      const headers = isRead
        ? { 'content-type': 'application/jwk-set+json', 'cache-control': 'public, max-age=60' }
        : { allow: 'GET, HEAD' };
      const body = request.method === 'GET' ? json() : null;
      endResponse(new fetchAPI.Response(body, { status: isRead ? 200 : 405, headers }));
    },
  };
}
