import type { ComputedHeader, HeaderRules } from '../config/Config.ts';
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
 * then the fixed and the computed ones, then those of the client's that are propagated. An earlier one is never overridden, nor accompanied by a
 * spelling of it that a backend could take for it; hop-by-hop headers are dropped.
 */
export function forwardHeaders(
  rules: HeaderRules,
  own: Readonly<Record<string, string>> = {},
): (context: SourceContext) => Readonly<Record<string, string>> {
  const fixed: Record<string, string> = { ...own };
  for (const [name, value] of Object.entries(rules.send)) {
    const key = name.toLowerCase();
    if (!isReserved(key) && fixed[key] === undefined && rules.compute?.[key] === undefined) {
      fixed[key] = value;
    }
  }
  const computed = Object.entries(rules.compute ?? {}).filter(([name]) => !isReserved(name) && own[name] === undefined);
  const taken = new Set([...Object.keys(fixed), ...computed.map(([name]) => name)].map(asVariable));
  const propagated = rules.propagate
    .map((name) => name.toLowerCase())
    .filter((name) => !isReserved(name) && !taken.has(asVariable(name)));
  if (propagated.length === 0 && computed.length === 0) {
    return () => fixed;
  }
  return (context) => {
    const result = { ...fixed };
    for (const [name, { evaluate }] of computed) {
      const value = headerOf(evaluate, context);
      if (value !== undefined) result[name] = value;
    }
    for (const name of propagated) {
      const value = context.headers.get(name);
      if (typeof value === 'string') {
        result[name] = value;
      }
    }
    return result;
  };
}

/** Servers that hand headers on as variables (CGI and its heirs) take `x_user` and `x-user` for the same. */
function asVariable(name: string): string {
  return name.replaceAll('_', '-');
}

/** Nothing where what the expression speaks of is not there or empty, and where it would end the header. */
function headerOf(evaluate: ComputedHeader['evaluate'], context: SourceContext): string | undefined {
  try {
    const value = evaluate(context);
    return /^[\t\x20-\x7e\x80-\xff]+$/.test(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
