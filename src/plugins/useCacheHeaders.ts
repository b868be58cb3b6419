/**
 * What: tells clients and caches between how long an answer is good, and for whom: `Cache-Control`, `Age`, `Cache-Status` (RFC 9211). Where: around
 * execution; the HTTP lanes add an `ETag` to what GET asks for.
 * A caller sees the strictest of all parts of its answer; `no-store` where one of them is not to be remembered.
 */
import type { ExecutionResult } from 'graphql';
import { getOperationAST } from 'graphql';
import { freshnessOf } from '../execute/freshness.ts';
import type { Freshness } from '../execute/Source.ts';
import type { GatewayPlugin, OpenContext } from './GatewayPlugin.ts';

export interface CacheHeadersOptions {
  /** Whether answers for everybody have `CDN-Cache-Control` too. */
  readonly forCdn: boolean;
  /** Headers of clients that rules of the gateway itself look at: another value may mean another answer. */
  readonly varyOn?: readonly string[] | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function useCacheHeaders({ forCdn, varyOn = [], now }: CacheHeadersOptions): GatewayPlugin {
  const vary = ['Accept', ...varyOn].join(', ');
  const tellOf = (result: ExecutionResult | undefined, context: OpenContext, isQuery: boolean): void => {
    context.responseHeaders ??= new Map();
    const freshness = result && freshnessIn(result);
    if (freshness === undefined) refuse(context.responseHeaders, isQuery);
    else {
      // What was checked for one caller, or decided by a plugin, is for nobody else, whatever its parts are.
      const isDecided = context.caller !== undefined || context.overrideLabels !== undefined;
      const isPrivate = freshness.isPrivate || isDecided;
      tell(context.responseHeaders, { ...freshness, isPrivate }, { forCdn, now });
      context.responseHeaders.set('vary', vary);
    }
  };
  return {
    onRecalled({ result, context }) {
      if (context.transport?.kind === 'http') tellOf(result, context, true);
    },
    onExecute({ args }) {
      const context = args.contextValue as OpenContext;
      if (context.transport?.kind !== 'http') return;
      const isQuery = getOperationAST(args.document, args.operationName)?.operation === 'query';
      return {
        onExecuteDone({ result }) {
          tellOf(Symbol.asyncIterator in result ? undefined : result, context, isQuery);
        },
      };
    },
  };
}

/** A plugin may have put an error beside data that was whole. */
function freshnessIn(result: ExecutionResult): Freshness | undefined {
  return result.errors === undefined || result.errors.length === 0 ? freshnessOf(result) : undefined;
}

function refuse(headers: Map<string, string>, isQuery: boolean): void {
  headers.set('cache-control', 'no-store');
  headers.set('cache-status', isQuery ? 'Weft; fwd=miss' : 'Weft; fwd=method');
}

function tell(
  headers: Map<string, string>,
  { stored, expires, isPrivate, hits, misses }: Freshness,
  { forCdn, now }: Pick<CacheHeadersOptions, 'forCdn' | 'now'>,
): void {
  const time = now();
  // Rounded so that nobody keeps it longer than we would.
  const lifetime = Math.max(0, Math.floor((expires - stored) / 1_000));
  const round = hits > 0 ? Math.ceil : Math.floor;
  const age = Math.min(lifetime, Math.max(0, round((time - stored) / 1_000)));
  headers.set('cache-control', `max-age=${lifetime}, ${isPrivate ? 'private' : 'public'}`);
  if (age > 0) headers.set('age', String(age));
  if (forCdn && !isPrivate) headers.set('cdn-cache-control', `max-age=${lifetime}`);
  const left = lifetime - age;
  if (misses === 0) headers.set('cache-status', `Weft; hit; ttl=${left}`);
  else headers.set('cache-status', `Weft; fwd=miss; stored; ttl=${left}${hits > 0 ? '; detail=partial' : ''}`);
}
