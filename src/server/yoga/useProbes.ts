/**
 * What: /health (the process lives) and /ready (there is a graph to serve). Where: before every other rule.
 * A caller sees JSON with the state of every subgraph; 503 from /ready where nothing is served, or the gateway is stopping.
 */
import type { Plugin } from 'graphql-yoga';

export interface ProbeSource {
  isServing(): boolean;
  isStopping(): boolean;
  /** As the registry tells it; becomes JSON. */
  status(): unknown;
}

export function useProbes(source: ProbeSource): Plugin {
  return {
    onRequest({ request, url, fetchAPI, endResponse }) {
      if (url.pathname !== '/health' && url.pathname !== '/ready') return;
      const respond = (status: number, body: unknown, headers: Record<string, string> = {}) => {
        const all = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers };
        endResponse(
          new fetchAPI.Response(request.method === 'HEAD' ? null : `${JSON.stringify(body)}\n`, {
            status,
            headers: all,
          }),
        );
      };
      if (request.method !== 'GET' && request.method !== 'HEAD')
        return respond(405, { error: 'GET only' }, { allow: 'GET, HEAD' });
      if (url.pathname === '/health') return respond(200, { alive: true });
      const ready = source.isServing() && !source.isStopping();
      return respond(ready ? 200 : 503, { ...toObject(source.status()), ready, stopping: source.isStopping() });
    },
  };
}

/** Whoever may see the probe need not see paths of this machine: issues are counted here, and told in the log. */
function toObject(status: unknown): object {
  if (Array.isArray(status)) return { subgraphs: status };
  if (typeof status !== 'object' || status === null) return {};
  const { lastIssues, ...shown } = status as { readonly lastIssues?: unknown };
  return Array.isArray(lastIssues) ? { ...shown, issues: lastIssues.length } : shown;
}
