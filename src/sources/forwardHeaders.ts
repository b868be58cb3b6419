import type { HeaderRules } from '../config/Config.ts';
import type { SourceContext } from '../execute/Source.ts';

/** Headers of one connection or of the body's form: the gateway's own exchange with the backend sets them, never a rule. */
const reserved: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'expect',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

function isReserved(name: string): boolean {
  return reserved.has(name) || name.startsWith('sec-websocket-');
}

/**
 * Makes the function that gives the headers of one request to a subgraph, by lower-case name: `own` first (set by the source itself),
 * then the fixed ones, then those of the client's that are propagated. An earlier one is never overridden; hop-by-hop headers are dropped.
 */
export function forwardHeaders(
  rules: HeaderRules,
  own: Readonly<Record<string, string>> = {},
): (context: SourceContext) => Readonly<Record<string, string>> {
  const fixed: Record<string, string> = { ...own };
  for (const [name, value] of Object.entries(rules.send)) {
    const key = name.toLowerCase();
    if (!isReserved(key) && fixed[key] === undefined) {
      fixed[key] = value;
    }
  }
  const propagated = rules.propagate
    .map((name) => name.toLowerCase())
    .filter((name) => !isReserved(name) && fixed[name] === undefined);
  if (propagated.length === 0) {
    return () => fixed;
  }
  return ({ headers }) => {
    const result = { ...fixed };
    for (const name of propagated) {
      const value = headers.get(name);
      if (typeof value === 'string') {
        result[name] = value;
      }
    }
    return result;
  };
}
