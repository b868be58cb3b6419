/** Plugins of the front door for Yoga servers that are not a gateway: each needs nothing of Weft's but what its options say. */
import { parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import * as v from 'valibot';
import { demandControlSchema } from './config/schema/demandControlSchema.ts';
import { rateLimitSchema } from './config/schema/rateLimitSchema.ts';
import { type ApiKeyOptions, createApiKeyMethod } from './plugins/authentication/createApiKeyMethod.ts';
import {
  type AuthenticationOptions,
  useAuthentication as authenticate,
} from './plugins/authentication/useAuthentication.ts';
import { createTotals } from './plugins/demand/DemandTotals.ts';
import { useDemandControl as controlDemand, type DemandControlOptions } from './plugins/demand/useDemandControl.ts';
import { forYoga } from './plugins/forYoga.ts';
import { useVariableLimits as limitVariables, type VariableLimits } from './plugins/limits/useVariableLimits.ts';
import {
  type PersistedDocumentsOptions,
  usePersistedDocuments as persistDocuments,
} from './plugins/persistedDocuments/usePersistedDocuments.ts';

import { compileLimits } from './plugins/rateLimit/compileLimits.ts';
import { createMemoryLimiter } from './plugins/rateLimit/createMemoryLimiter.ts';
import { useRateLimit as limitRate } from './plugins/rateLimit/useRateLimit.ts';
import { readCosts } from './supergraph/readCosts.ts';

export type { Caller } from './execute/Source.ts';
export type { AuthenticationMethod } from './plugins/authentication/AuthenticationMethod.ts';
export { createBasicMethod } from './plugins/authentication/createBasicMethod.ts';
export { createIntrospectionMethod } from './plugins/authentication/createIntrospectionMethod.ts';
export { createJwtMethod } from './plugins/authentication/createJwtMethod.ts';
export { createKeySet } from './plugins/authentication/createKeySet.ts';
export { createListedKeys } from './plugins/authentication/createListedKeys.ts';
export type { ApiKey, KeyStore } from './plugins/authentication/KeyStore.ts';
export { hashOf } from './plugins/hashOf.ts';
export { createDocumentList } from './plugins/persistedDocuments/createDocumentList.ts';
export { createMemoryDocuments } from './plugins/persistedDocuments/createMemoryDocuments.ts';
export { type ApiKeyOptions, createApiKeyMethod };

const ofOneServer = v.pipe(
  rateLimitSchema,
  v.check(
    ({ store }) => store !== 'redis',
    'Expected no "store: redis"; outside of a gateway limits are counted in the process.',
  ),
  v.check(
    ({ rules }) => rules.every(({ on }) => on === 'requests'),
    'Expected no rule with "on: failed_authentication"; outside of a gateway nobody tells of wrong credentials.',
  ),
  v.check(
    ({ subgraphs }) => Object.keys(subgraphs).length === 0,
    'Expected no "subgraphs"; outside of a gateway there are none.',
  ),
);

export type RateLimitOptions = v.InferInput<typeof rateLimitSchema>;

export interface DemandOptions extends Pick<v.InferInput<typeof demandControlSchema>, 'mode' | 'max' | 'list_size'> {
  /** Of the schema, with its directives; without it all weights are those that a graph has unless told. */
  readonly sdl?: string | undefined;
  /** Whether answers tell this caller what they cost. */
  readonly mayRead?: DemandControlOptions['mayRead'] | undefined;
}

/** Finds out who asks, and writes it into the context as `caller`. Refuses with 401 who does not show it. */
export function useAuthentication(options: AuthenticationOptions): Plugin {
  return forYoga(authenticate(options));
}

/** Documents that are known by a hash or a registered name. */
export function usePersistedDocuments(options: PersistedDocumentsOptions): Plugin {
  return forYoga(persistDocuments(options));
}

/**
 * Limits as in the section `rate_limit` of a configuration, counted in this process; `context.caller` says who asks, where a plugin before it knows
 * that. Rejects what only a gateway can limit: wrong credentials, subgraphs, and anything by a store that is shared.
 */
export async function useRateLimit(options: RateLimitOptions): Promise<Plugin> {
  const config = v.parse(ofOneServer, options);
  const limits = await compileLimits(config, { warn: console.warn });
  const limiter = createMemoryLimiter({ maxKeys: config.max_keys });
  return forYoga(limitRate({ limiter, current: () => limits }));
}

/** Costs as in the section `demand_control`, by the `@cost` and `@listSize` of `sdl`; the limits of `useRateLimit` behind it count by them. */
export function useDemandControl({ sdl, mayRead = () => false, ...config }: DemandOptions): Plugin {
  const { mode, max, list_size } = v.parse(demandControlSchema, config);
  const costs = sdl === undefined ? undefined : readCosts(parse(sdl));
  return forYoga(
    controlDemand({
      mode,
      max,
      list_size,
      mayRead,
      actual_cost_mode: 'by_response_shape',
      totals: createTotals().operations,
      costsOf: () => costs,
    }),
  );
}

/** Bounds how deep variables nest and how long their lists are. */
export function useVariableLimits(limits: VariableLimits): Plugin {
  return forYoga(limitVariables(limits));
}
