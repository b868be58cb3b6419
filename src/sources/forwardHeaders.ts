import type { ComputedHeader, HeaderRules } from '../config/Config.ts';
import type { SourceContext } from '../execute/Source.ts';
import { headerVariable, isConnectionHeader } from '../lib/connectionHeaders.ts';

/**
 * Makes the function that gives the headers of one request to a subgraph, by lower-case name: `own` first (set by the source itself),
 * then the fixed and the computed ones, then those of the client's that are propagated. An earlier one is never overridden, nor accompanied by a
 * spelling of it that a backend could take for it; hop-by-hop headers are dropped. `reserved` are names that others set later.
 */
export function forwardHeaders(
  rules: HeaderRules,
  own: Readonly<Record<string, string>> = {},
  reserved: readonly string[] = [],
): (context: SourceContext) => Readonly<Record<string, string>> {
  const later = new Set(reserved.map(headerVariable));
  const fixed: Record<string, string> = { ...own };
  for (const [name, value] of Object.entries(rules.send)) {
    const key = name.toLowerCase();
    const isTaken = isConnectionHeader(key) || later.has(headerVariable(key));
    if (!isTaken && fixed[key] === undefined && rules.compute?.[key] === undefined) {
      fixed[key] = value;
    }
  }
  const computed = Object.entries(rules.compute ?? {}).filter(
    ([name]) => !isConnectionHeader(name) && !later.has(headerVariable(name)) && own[name] === undefined,
  );
  const taken = takenHeaders(rules, [...Object.keys(own), ...reserved]);
  const propagated = rules.propagate.map((name) => name.toLowerCase()).filter((name) => !taken(name));
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

/** Whether a name, in any spelling, is one that the gateway alone sets: nothing of a client's may go out under it, also where the gateway sets nothing. */
export function takenHeaders(rules: HeaderRules, others: readonly string[] = []): (name: string) => boolean {
  const own = [...Object.keys(rules.send), ...Object.keys(rules.compute ?? {}), ...others];
  const taken = new Set(own.map(headerVariable));
  return (name) => isConnectionHeader(name) || taken.has(headerVariable(name));
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
