import type { Config } from '../config/Config.ts';
import type { Issue } from '../errors/Issue.ts';
import { isRecord } from '../lib/isRecord.ts';
import { extendSupergraph } from '../supergraph/gatewaySchema/extendSupergraph.ts';
import type { GatewaySchema, ResolverFacts } from '../supergraph/gatewaySchema/GatewaySchema.ts';

/** A supergraph document with what the configuration itself adds to it; the same one where that is nothing. */
export function extendGraph(
  sdl: string,
  config: Pick<Config, 'additionalTypeDefs' | 'additionalResolvers'>,
): { readonly sdl: string } | { readonly issues: readonly Issue[] } {
  return config.additionalTypeDefs.length === 0 ? { sdl } : extendSupergraph(sdl, gatewaySchema(config));
}

/** What composition has to know of the resolvers: which there are, and what they read. */
export function gatewaySchema({
  additionalTypeDefs,
  additionalResolvers = {},
}: Pick<Config, 'additionalTypeDefs' | 'additionalResolvers'>): GatewaySchema {
  const resolvers = new Map<string, ResolverFacts>();
  for (const [type, fields] of Object.entries(additionalResolvers)) {
    if (typeof fields['serialize'] === 'function' || typeof fields['coerceOutputValue'] === 'function') continue;
    for (const [field, resolver] of Object.entries(fields)) {
      if (field.startsWith('__')) continue;
      const selectionSet = isRecord(resolver) ? resolver['selectionSet'] : undefined;
      resolvers.set(`${type}.${field}`, typeof selectionSet === 'string' ? { selectionSet } : {});
    }
  }
  return { typeDefs: additionalTypeDefs, resolvers };
}
