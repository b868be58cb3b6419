/**
 * What: GraphiQL at the endpoint, out of an installed package. Where: a GET that accepts text/html, and the page's assets below the endpoint.
 * A caller sees a page that loads nothing from other hosts; its policy (CSP) would not let it.
 */
import type { Plugin } from 'graphql-yoga';
import { graphiqlPage } from './graphiqlPage.ts';
import { loadGraphiqlAssets } from './loadGraphiqlAssets.ts';

export interface ExampleQuery {
  readonly title: string;
  readonly query: string;
}

export interface GraphiqlOptions {
  readonly path: string;
  readonly examples: readonly ExampleQuery[];
}

/** Monaco sets inline styles and starts workers; everything else comes from this host. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self' blob:",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export function useGraphiql({ path, examples }: GraphiqlOptions): Plugin {
  const folder = `${path === '/' ? '' : path}/graphiql/`;
  return {
    async onRequest({ request, url, fetchAPI, endResponse }) {
      if (request.method !== 'GET') return;
      if (url.pathname === path && request.headers.get('accept')?.includes('text/html') === true) {
        const { version } = await loadGraphiqlAssets();
        const headers = {
          'content-type': 'text/html; charset=utf-8',
          'content-security-policy': POLICY,
          'x-content-type-options': 'nosniff',
        };
        endResponse(
          new fetchAPI.Response(graphiqlPage({ path, folder: `${folder}${version}/`, examples }), { headers }),
        );
        return;
      }
      if (!url.pathname.startsWith(folder)) return;
      const { version, files } = await loadGraphiqlAssets();
      const file = files.get(url.pathname.slice(folder.length + version.length + 1));
      if (file === undefined || !url.pathname.startsWith(`${folder}${version}/`)) return;
      const zipped = request.headers.get('accept-encoding')?.includes('gzip') === true;
      // The folder's name has the version: what is cached never changes.
      const headers = {
        'content-type': file.type,
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        vary: 'Accept-Encoding',
        ...(zipped ? { 'content-encoding': 'gzip' } : {}),
      };
      endResponse(new fetchAPI.Response(zipped ? await file.zipped() : file.text, { headers }));
    },
  };
}
