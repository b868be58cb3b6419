import { LRUCache } from 'lru-cache';
import type { InternalJwtConfig } from '../../config/SubgraphCredentials.ts';
import type { Caller, SourceContext } from '../../execute/Source.ts';
import type { Identity } from '../../upstream/credentials/Credentials.ts';

/** What an expression can look at beside who asks. */
const BEYOND_CALLER = /\b(?:headers|client_address|operation|args)\b/;
const NOBODY = {};

/** The claims of the token that says who asks: `sub`, `scope` and `plan`, and those of the configuration. */
export function createIdentify({ claims }: Pick<InternalJwtConfig, 'claims'>): (context: SourceContext) => Identity {
  const own = Object.entries(claims);
  const identityOf = (context: SourceContext): Identity => {
    const { caller } = context;
    const made: Record<string, unknown> =
      caller === undefined
        ? {}
        : {
            sub: caller.id,
            ...(caller.scopes.length === 0 ? {} : { scope: caller.scopes.join(' ') }),
            ...(caller.plan === undefined ? {} : { plan: caller.plan }),
          };
    for (const [name, { evaluate }] of own) {
      try {
        const value = evaluate(context);
        if (value !== '') made[name] = value;
      } catch {
        // What it speaks of is not there.
      }
    }
    // Who asks has its place even where no claim tells it: two callers with equal claims may still be two.
    return { key: JSON.stringify([caller?.key ?? null, made]), claims: made };
  };
  if (own.some(([, { expression }]) => BEYOND_CALLER.test(expression))) return identityOf;
  const known = new LRUCache<object, Identity>({ max: 1_000 });
  return (context) => {
    const caller: Caller | object = context.caller ?? NOBODY;
    const found = known.get(caller);
    if (found !== undefined) return found;
    const made = identityOf(context);
    known.set(caller, made);
    return made;
  };
}
